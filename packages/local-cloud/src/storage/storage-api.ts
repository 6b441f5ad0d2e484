import { readJson } from '../http/query.ts';
import type { ApiReply, ApiRequest, Route } from '../http/route.ts';
import { readMultipart } from './multipart.ts';
import type { NewObject, ObjectSettings, ObjectStore, Preconditions } from './object-store.ts';
import { bucketView, contentHeaders, objectView } from './object-view.ts';
import { StorageError } from './storage-error.ts';

/** Cloud Storage: the JSON API, and the public path `/BUCKET/OBJECT`, which comes last because it fits nearly everything. */
export function storageRoutes(store: ObjectStore): readonly Route[] {
  return [...bucketRoutes(store), ...uploadRoutes(store), ...objectRoutes(store), ...publicRoutes(store)];
}

function bucketRoutes(store: ObjectStore): readonly Route[] {
  return [
    route('POST', /^\/storage\/v1\/b$/, (request) => {
      const name = text(fieldsOf(readJson(request))['name']) ?? '';
      store.createBucket(name);
      return ok(bucketView(name, originOf(request)));
    }),
    route('GET', /^\/storage\/v1\/b$/, (request) =>
      ok({
        kind: 'storage#buckets',
        items: store.buckets().map((name) => bucketView(name, originOf(request))),
      }),
    ),
    route('GET', /^\/storage\/v1\/b\/([^/]+)$/, (request, bucket) => {
      store.list(bucket, '');
      return ok(bucketView(bucket, originOf(request)));
    }),
    route('DELETE', /^\/storage\/v1\/b\/([^/]+)$/, (_, bucket) => {
      store.deleteBucket(bucket);
      return { status: 204 };
    }),
  ];
}

function uploadRoutes(store: ObjectStore): readonly Route[] {
  return [
    route('POST', /^\/upload\/storage\/v1\/b\/([^/]+)\/o$/, (request, bucket) => {
      const object = store.write(readUpload(request, bucket), preconditions(request));
      return ok(objectView(object, originOf(request)));
    }),
  ];
}

function objectRoutes(store: ObjectStore): readonly Route[] {
  const object = /^\/storage\/v1\/b\/([^/]+)\/o\/(.+)$/;
  return [
    route('GET', /^\/storage\/v1\/b\/([^/]+)\/o$/, (request, bucket) => listReply(store, request, bucket)),
    route('GET', object, (request, bucket, name) => {
      const found = store.read(bucket, name, preconditions(request));
      checkGeneration(request, found.generation);
      if (request.query.get('alt') === 'media')
        return { status: 200, headers: contentHeaders(found), body: found.content };
      return ok(objectView(found, originOf(request)));
    }),
    route('PATCH', object, (request, bucket, name) => {
      const settings = settingsOf(readJson(request));
      return ok(
        objectView(store.update({ bucket, name, settings }, preconditions(request)), originOf(request)),
      );
    }),
    route('DELETE', object, (request, bucket, name) => {
      store.remove({ bucket, name }, preconditions(request));
      return { status: 204 };
    }),
    route('GET', /^\/download\/storage\/v1\/b\/([^/]+)\/o\/(.+)$/, (request, bucket, name) => {
      const found = store.read(bucket, name, preconditions(request));
      checkGeneration(request, found.generation);
      return { status: 200, headers: contentHeaders(found), body: found.content };
    }),
  ];
}

function publicRoutes(store: ObjectStore): readonly Route[] {
  const path = /^\/(?!(?:v\d+|storage|upload|download|-)\/)([^/]+)\/(.+)$/;
  const download = (request: ApiRequest, bucket: string, name: string): ApiReply => {
    try {
      const found = store.read(bucket, name);
      const headers = contentHeaders(found);
      const isKnown = request.headers['if-none-match'] === headers['etag'];
      if (isKnown) return { status: 304, headers };
      return { status: 200, headers, body: found.content };
    } catch (thrown) {
      if (!(thrown instanceof StorageError)) throw thrown;
      return xmlError(thrown.http, store.hasBucket(bucket) ? 'NoSuchKey' : 'NoSuchBucket');
    }
  };
  return [route('GET', path, download), route('HEAD', path, download)];
}

function listReply(store: ObjectStore, request: ApiRequest, bucket: string): ApiReply {
  const { query } = request;
  const prefix = query.get('prefix') ?? '';
  const limit = Math.min(Number(query.get('maxResults') ?? 1000) || 1000, 1000);
  const after = Buffer.from(query.get('pageToken') ?? '', 'base64url').toString();
  const objects = store.list(bucket, prefix).filter(({ name }) => name > after);
  const folders = new Set(
    objects.flatMap(({ name }) => folderOf(name, prefix, query.get('delimiter') ?? '') ?? []),
  );
  const plain = objects.filter(
    ({ name }) => folderOf(name, prefix, query.get('delimiter') ?? '') === undefined,
  );
  const last = plain.length > limit ? plain[limit - 1] : undefined;
  return ok({
    kind: 'storage#objects',
    ...(plain.length === 0
      ? {}
      : { items: plain.slice(0, limit).map((one) => objectView(one, originOf(request))) }),
    ...(folders.size === 0 ? {} : { prefixes: [...folders] }),
    ...(last === undefined ? {} : { nextPageToken: Buffer.from(last.name).toString('base64url') }),
  });
}

function folderOf(name: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const at = name.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : name.slice(0, at + delimiter.length);
}

function readUpload(request: ApiRequest, bucket: string): NewObject {
  const { query, headers, body } = request;
  const type = headers['content-type'];
  switch (query.get('uploadType')) {
    case 'media':
      return {
        bucket,
        name: query.get('name') ?? '',
        content: body,
        settings: type === undefined ? {} : { contentType: type },
      };
    case 'multipart': {
      const upload = readMultipart(type ?? '', body);
      const metadata = readJson({ ...request, body: Buffer.from(upload.metadata) });
      const contentType = upload.contentType === undefined ? {} : { contentType: upload.contentType };
      return {
        bucket,
        name: query.get('name') ?? text(fieldsOf(metadata)['name']) ?? '',
        content: upload.content,
        settings: { ...contentType, ...settingsOf(metadata) },
      };
    }
    default:
      throw new StorageError(
        400,
        'invalid',
        `uploadType must be "media" or "multipart", got "${query.get('uploadType') ?? ''}"`,
      );
  }
}

function settingsOf(json: unknown): ObjectSettings {
  const { contentType, cacheControl, contentEncoding, metadata } = fieldsOf(json);
  const texts = Object.entries({ contentType, cacheControl, contentEncoding }).filter(
    ([, value]) => text(value) !== undefined,
  );
  const pairs = Object.entries(fieldsOf(metadata)).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return {
    ...Object.fromEntries(texts),
    ...(metadata === undefined ? {} : { metadata: Object.fromEntries(pairs) }),
  };
}

function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null ? Object.fromEntries(Object.entries(json)) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function preconditions({ query }: ApiRequest): Preconditions {
  const names = ['ifGenerationMatch', 'ifGenerationNotMatch', 'ifMetagenerationMatch'] as const;
  const given = names.flatMap((name) => {
    const value = query.get(name);
    if (value === null) return [];
    if (!/^\d+$/.test(value)) throw new StorageError(400, 'invalidParameter', `Invalid ${name}: '${value}'`);
    return [[name, Number(value)] as const];
  });
  return Object.fromEntries(given);
}

// Only the newest generation is kept, so any other is gone.
function checkGeneration({ query, path }: ApiRequest, current: number): void {
  const asked = query.get('generation');
  if (asked !== null && asked !== String(current))
    throw new StorageError(404, 'notFound', `No such object: ${path} at generation ${asked}`);
}

function originOf({ headers }: ApiRequest): string {
  return `http://${headers.host ?? ''}`;
}

function ok(body: object): ApiReply {
  return { status: 200, body };
}

function xmlError(status: number, code: string): ApiReply {
  return {
    status,
    headers: { 'content-type': 'application/xml; charset=UTF-8' },
    body: Buffer.from(`<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code></Error>`),
  };
}

function route(
  method: string,
  pattern: RegExp,
  handle: (request: ApiRequest, bucket: string, name: string) => ApiReply,
): Route {
  return {
    method,
    pattern,
    handle: (request, bucket = '', name = '') => {
      try {
        return handle(request, bucket, name);
      } catch (thrown) {
        if (thrown instanceof StorageError) return errorReply(thrown);
        throw thrown;
      }
    },
  };
}

function errorReply({ http, reason, message }: StorageError): ApiReply {
  return {
    status: http,
    body: { error: { code: http, message, errors: [{ message, domain: 'global', reason }] } },
  };
}
