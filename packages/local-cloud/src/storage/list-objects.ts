import type { ApiRequest } from '../http/route.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { objectView } from './object-view.ts';
import { originOf } from './storage-request.ts';
import { invalid, invalidParameter } from './storage-error.ts';

const MOST = 1_000;

/** storage#objects: one page of objects and of folders, as the delimiter makes them, together in the order of their names. */
export function objectList(store: ObjectStore, request: ApiRequest, bucket: string): object {
  const { query } = request;
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const [from, to] = [query.get('startOffset') ?? '', query.get('endOffset') ?? ''];
  const objects = store.list(bucket, prefix).filter(({ name }) => name >= from && (to === '' || name < to));
  const after = tokenText(query.get('pageToken') ?? '');
  const rest = entriesOf(objects, prefix, delimiter).filter(({ key }) => key > after);
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
  /** Name of the object or of the folder. */
  readonly key: string;
  readonly object?: StoredObject;
}

function entriesOf(objects: readonly StoredObject[], prefix: string, delimiter: string): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const object of objects) {
    const folder = folderOf(object.name, prefix, delimiter);
    const key = folder ?? object.name;
    entries.set(key, folder === undefined ? { key, object } : { key });
  }
  return [...entries.values()];
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
