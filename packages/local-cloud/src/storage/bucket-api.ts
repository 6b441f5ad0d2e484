import type { Route } from '../http/route.ts';
import { needs, okReply } from '../messages/index.ts';
import type { ObjectStore } from './object-store.ts';
import { bucketView } from './object-view.ts';
import { jsonBody, originOf, storageRoute } from './storage-request.ts';

export function bucketRoutes(store: ObjectStore): readonly Route[] {
  const all = /^\/storage\/v1\/b$/;
  const one = /^\/storage\/v1\/b\/([^/]+)$/;
  return [
    needs(
      'storage.buckets.create',
      storageRoute('POST', all, (request) => {
        const { name } = jsonBody(request);
        const bucket = typeof name === 'string' ? name : '';
        store.createBucket(bucket);
        return okReply(bucketView(bucket, originOf(request)));
      }),
    ),
    needs(
      'storage.buckets.list',
      storageRoute('GET', all, (request) => {
        const items = store.buckets().map((name) => bucketView(name, originOf(request)));
        return okReply({ kind: 'storage#buckets', ...(items.length === 0 ? {} : { items }) });
      }),
    ),
    needs(
      'storage.buckets.get',
      storageRoute('GET', one, (request, bucket = '') => {
        store.list(bucket, '');
        return okReply(bucketView(bucket, originOf(request)));
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
