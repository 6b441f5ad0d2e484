import type { ApiRequest } from '../http/route.ts';
import { globTest } from './match-glob.ts';
import type { ObjectStore } from './object-store.ts';
import type { StoredObject } from './stored-object.ts';
import { objectView } from './object-view.ts';
import { originOf } from './storage-request.ts';
import { invalid, invalidParameter } from './storage-error.ts';

const MOST = 1_000;

/** storage#objects: one page of objects and of folders, as the delimiter makes them, together in the order of their names. */
export function objectList(store: ObjectStore, request: ApiRequest, bucket: string): object {
  const { query } = request;
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const [from, to] = [query.get('startOffset') ?? '', query.get('endOffset') ?? ''];
  const glob = globTest(query.get('matchGlob') ?? '', delimiter);
  // gcloud writes `True`.
  const withVersions = query.get('versions')?.toLowerCase() === 'true';
  const all = withVersions ? store.listVersions(bucket, prefix) : store.list(bucket, prefix);
  const objects = all.filter(({ name }) => name >= from && (to === '' || name < to) && glob(name));
  const after = tokenText(query.get('pageToken') ?? '');
  const rest = entriesOf(objects, { prefix, delimiter, withVersions }).filter(({ key }) => key > after);
  const page = rest.slice(0, limitOf(query.get('maxResults') ?? String(MOST)));
  const last = page.length < rest.length ? page.at(-1) : undefined;
  const items = page.flatMap(({ object }) =>
    object === undefined ? [] : [objectView(object, originOf(request))],
  );
  const prefixes = page.flatMap(({ key, object }) => (object === undefined ? [key] : []));
  return {
    kind: 'storage#objects',
    ...(last === undefined ? {} : { nextPageToken: Buffer.from(last.key).toString('base64url') }),
    ...(prefixes.length === 0 ? {} : { prefixes }),
    ...(items.length === 0 ? {} : { items }),
  };
}

interface Entry {
  /** Name of the object, with its generation where versions are listed, or of the folder. */
  readonly key: string;
  readonly object?: StoredObject;
}

interface Shape {
  readonly prefix: string;
  readonly delimiter: string;
  readonly withVersions: boolean;
}

function entriesOf(
  objects: readonly StoredObject[],
  { prefix, delimiter, withVersions }: Shape,
): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const object of objects) {
    const folder = folderOf(object.name, prefix, delimiter);
    const key = folder ?? (withVersions ? versionKey(object) : object.name);
    entries.set(key, folder === undefined ? { key, object } : { key });
  }
  return [...entries.values()];
}

/** In the order of names, and then of generations. */
function versionKey({ name, generation }: StoredObject): string {
  return `${name}\u0000${String(generation).padStart(17, '0')}`;
}

function folderOf(name: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const at = name.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : name.slice(0, at + delimiter.length);
}

function limitOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw invalidParameter('maxResults', text);
  return Math.min(Number(text) || MOST, MOST);
}

function tokenText(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (Buffer.from(text).toString('base64url') !== token.replace(/=+$/, ''))
    throw invalid('Invalid page token.');
  return text;
}
