import type { ApiReply, ApiRequest, Route } from '../http/route.ts';
import { downloadReply } from './download.ts';
import type { ObjectPath, ObjectStore } from './object-store.ts';
import { contentHeaders } from './object-view.ts';
import { StorageError } from './storage-error.ts';
import { pathOf } from './storage-request.ts';

const PUBLIC = /^\/(?!(?:v\d+|apis|storage|upload|resumable|download|oauth2|-)\/)([^/]+)\/(.+)$/;

/** The public address `/BUCKET/OBJECT` of the XML API. It fits nearly everything and so must come last. */
export function publicRoutes(store: ObjectStore): readonly Route[] {
  const handle = (request: ApiRequest, bucket = '', name = '') =>
    download(store, request, pathOf(request, bucket, name));
  return [
    { method: 'GET', pattern: PUBLIC, permission: 'storage.objects.get', handle },
    { method: 'HEAD', pattern: PUBLIC, permission: 'storage.objects.get', handle },
  ];
}

function download(store: ObjectStore, request: ApiRequest, place: ObjectPath): ApiReply {
  try {
    const found = store.read(place);
    const headers = contentHeaders(found);
    if (request.headers['if-none-match'] === headers['etag']) return { status: 304, headers };
    return downloadReply(found, request);
  } catch (thrown) {
    if (!(thrown instanceof StorageError)) throw thrown;
    return xmlError(thrown.http, codeOf(thrown, store.hasBucket(place.bucket)));
  }
}

function codeOf({ http }: StorageError, hasBucket: boolean): string {
  if (http === 416) return 'InvalidRange';
  return hasBucket ? 'NoSuchKey' : 'NoSuchBucket';
}

function xmlError(status: number, code: string): ApiReply {
  return {
    status,
    headers: { 'content-type': 'application/xml; charset=UTF-8' },
    body: Buffer.from(`<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code></Error>`),
  };
}
