import type { ApiReply, ApiRequest, Route } from '../http/route.ts';
import { type Message, needs, okReply } from '../messages/index.ts';
import { patchedBucket } from './buckets.ts';
import type { ObjectStore } from './object-store.ts';
import { bucketView } from './object-view.ts';
import { jsonBody, numberIn, originOf, storageRoute } from './storage-request.ts';

export function bucketRoutes(store: ObjectStore): readonly Route[] {
  const all = /^\/storage\/v1\/b$/;
  const one = /^\/storage\/v1\/b\/([^/]+)$/;
  return [
    needs(
      'storage.buckets.create',
      storageRoute('POST', all, (request) => {
        const { name, ...settings } = jsonBody(request);
        const bucket = typeof name === 'string' ? name : '';
        return okReply(bucketView(bucket, store.createBucket(bucket, settings), originOf(request)));
      }),
    ),
    needs(
      'storage.buckets.list',
      storageRoute('GET', all, (request) => {
        const items = store.buckets().map((name) => bucketView(name, store.bucket(name), originOf(request)));
        return okReply({ kind: 'storage#buckets', ...(items.length === 0 ? {} : { items }) });
      }),
    ),
    needs(
      'storage.buckets.get',
      storageRoute('GET', one, (request, bucket = '') => {
        return okReply(bucketView(bucket, store.bucket(bucket), originOf(request)));
      }),
    ),
    needs(
      'storage.buckets.update',
      storageRoute('PATCH', one, (request, bucket = '') => {
        const patch = jsonBody(request);
        return changed(store, request, { bucket, change: (before) => patchedBucket(before, patch) });
      }),
    ),
    needs(
      'storage.buckets.update',
      storageRoute('PUT', one, (request, bucket = '') => {
        const settings = patchedBucket({}, jsonBody(request));
        return changed(store, request, { bucket, change: () => settings });
      }),
    ),
    needs(
      'storage.buckets.delete',
      storageRoute('DELETE', one, (_, bucket = '') => {
        store.deleteBucket(bucket);
        return { status: 204 };
      }),
    ),
  ];
}

function changed(
  store: ObjectStore,
  request: ApiRequest,
  { bucket, change }: { readonly bucket: string; readonly change: (settings: Message) => Message },
): ApiReply {
  const match = numberIn(request.query, 'ifMetagenerationMatch');
  const after = store.changeBucket(bucket, {
    change,
    ...(match === undefined ? {} : { ifMetagenerationMatch: match }),
  });
  return okReply(bucketView(bucket, after, originOf(request)));
}
