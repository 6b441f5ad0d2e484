import { CloudError, httpCode } from '../control/cloud-error.ts';
import { isTooDeep } from '../http/json-depth.ts';
import type { ApiReply, ApiRequest, Route } from '../http/route.ts';
import { isRecord, type Message } from '../messages/index.ts';
import { isStorageClass } from './bucket-fields.ts';
import type { ObjectPath } from './object-store.ts';
import type { ObjectSettings } from './stored-object.ts';
import type { Preconditions } from './preconditions.ts';
import { invalid, invalidParameter, StorageError } from './storage-error.ts';

/** A route of Cloud Storage, whose refusals have a form of their own: JSON, and plain text for a download. */
export function storageRoute(
  method: string,
  pattern: RegExp,
  handle: (request: ApiRequest, ...caught: readonly string[]) => ApiReply,
): Route {
  return {
    method,
    pattern,
    handle: (request, ...caught) => {
      try {
        return handle(request, ...caught);
      } catch (thrown) {
        const refusal = refusalOf(thrown);
        return isDownload(request) ? textReply(refusal) : storageErrorReply(refusal);
      }
    },
  };
}

/** What policies and messages are refused with anywhere is said in Cloud Storage's form here. */
function refusalOf(thrown: unknown): StorageError {
  if (thrown instanceof StorageError) return thrown;
  if (!(thrown instanceof CloudError) || thrown.code !== 'INVALID_ARGUMENT') throw thrown;
  return new StorageError(httpCode(thrown.code), 'invalid', { message: thrown.message });
}

/** The body as a JSON object; an empty one is an empty object. */
export function jsonBody({ body }: Pick<ApiRequest, 'body'>): Message {
  try {
    const json: unknown =
      body.length === 0 ? {} : isTooDeep(body) ? undefined : JSON.parse(body.toString('utf8'));
    if (isRecord(json)) return json;
  } catch {
    // The same refusal as for JSON that is no object, or nested deeper than anybody follows.
  }
  throw new StorageError(400, 'parseError', { message: 'Parse Error' });
}

/** The object that the path and the parameter `generation` name. */
export function pathOf({ query }: ApiRequest, bucket = '', name = ''): ObjectPath {
  const generation = numberIn(query, 'generation');
  return { bucket, name, ...(generation === undefined ? {} : { generation }) };
}

const CONDITIONS = [
  'ifGenerationMatch',
  'ifGenerationNotMatch',
  'ifMetagenerationMatch',
  'ifMetagenerationNotMatch',
] as const;

export function preconditions({ query }: ApiRequest): Preconditions {
  const given = CONDITIONS.flatMap((name) => {
    const value = numberIn(query, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}

export function numberIn(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (!/^\d{1,16}$/.test(value)) throw invalidParameter(name, value);
  return Number(value);
}

const SETTINGS = [
  'contentType',
  'cacheControl',
  'contentDisposition',
  'contentEncoding',
  'contentLanguage',
  'customTime',
  'storageClass',
] as const;

const CHECKED: Readonly<Partial<Record<(typeof SETTINGS)[number], (value: string) => boolean>>> = {
  customTime: (value) => /^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value)),
  storageClass: isStorageClass,
};

/** The encoding that the parameter of an upload says, which goes before the resource's. */
export function encodingIn(query: URLSearchParams): ObjectSettings {
  const contentEncoding = query.get('contentEncoding');
  return contentEncoding === null ? {} : settingsOf({ contentEncoding });
}

/** The settings that a resource says, without those that it leaves out. */
export function settingsOf(resource: Message): ObjectSettings {
  return patched({}, resource);
}

/** The settings after a patch: what it sets to null is taken away, and so is a key of the metadata. */
export function patched(before: ObjectSettings, patch: Message): ObjectSettings {
  const texts = SETTINGS.flatMap((name) => {
    const value = name in patch ? patch[name] : before[name];
    if (value === undefined || value === null) return [];
    if (typeof value !== 'string')
      throw invalid(`Invalid value for field "${name}": ${JSON.stringify(value)}`);
    // They come back as headers of downloads.
    if (!/^[\t\x20-\x7e]*$/.test(value)) throw invalid(`Invalid value for field "${name}"`);
    if (CHECKED[name]?.(value) === false)
      throw invalid(`Invalid value for field "${name}": ${JSON.stringify(value)}`);
    return [[name, value] as const];
  });
  const metadata = patchedMetadata(before.metadata, patch['metadata']);
  return { ...Object.fromEntries(texts), ...(metadata === undefined ? {} : { metadata }) };
}

function patchedMetadata(
  before: ObjectSettings['metadata'],
  patch: unknown,
): Readonly<Record<string, string>> | undefined {
  if (patch === undefined) return before;
  if (patch === null) return undefined;
  if (!isRecord(patch)) throw invalid(`Invalid value for field "metadata": ${JSON.stringify(patch)}`);
  const pairs = Object.entries({ ...before, ...patch }).filter(([, value]) => value !== null);
  const wrong = pairs.find(([, value]) => typeof value !== 'string');
  if (wrong !== undefined)
    throw invalid(`Invalid value for field "metadata.${wrong[0]}": ${JSON.stringify(wrong[1])}`);
  return Object.fromEntries(pairs) as Readonly<Record<string, string>>;
}

/** This server as the client calls it, for links. */
export function originOf({ headers }: ApiRequest): string {
  return `http://${headers.host ?? ''}`;
}

function isDownload({ query, path }: ApiRequest): boolean {
  return query.get('alt') === 'media' || path.startsWith('/download/');
}

/** A refusal as the JSON API words it. */
export function storageErrorReply({ http, reason, message, location }: StorageError): ApiReply {
  const error = { message, domain: 'global', reason, ...location };
  return { status: http, body: { error: { code: http, message, errors: [error] } } };
}

function textReply({ http, message }: StorageError): ApiReply {
  return {
    status: http,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: Buffer.from(message),
  };
}
