import type { Route } from '../http/route.ts';
import { needs, okReply } from '../messages/index.ts';
import { newSettings, patchedSettings, replacedSettings } from './bucket.ts';
import { bucketView } from './bucket-view.ts';
import type { ObjectStore } from './object-store.ts';
import { jsonBody, numberIn, originOf, storageRoute } from './storage-request.ts';

const ALL = /^\/storage\/v1\/b$/;
const ONE = /^\/storage\/v1\/b\/([^/]+)$/;

/** Buckets: made, listed, described, changed and removed. */
export function bucketRoutes(store: ObjectStore): readonly Route[] {
  return [
    needs(
      'storage.buckets.create',
      storageRoute('POST', ALL, (request) => {
        const body = jsonBody(request);
        const name = typeof body['name'] === 'string' ? body['name'] : '';
        const project = request.query.get('project');
        const owner = project === null ? {} : { project };
        const bucket = store.createBucket(name, { settings: newSettings(body), ...owner });
        return okReply(bucketView(name, bucket, originOf(request)));
      }),
    ),
    needs(
      'storage.buckets.list',
      storageRoute('GET', ALL, (request) => {
        const items = store.buckets().map((name) => bucketView(name, store.bucket(name), originOf(request)));
        return okReply({ kind: 'storage#buckets', ...(items.length === 0 ? {} : { items }) });
      }),
    ),
    needs(
      'storage.buckets.get',
      storageRoute('GET', ONE, (request, name = '') =>
        okReply(bucketView(name, store.bucket(name), originOf(request))),
      ),
    ),
    changeRoute(store, 'PATCH', patchedSettings),
    changeRoute(store, 'PUT', replacedSettings),
    needs(
      'storage.buckets.delete',
      storageRoute('DELETE', ONE, (_, bucket = '') => {
        store.deleteBucket(bucket);
        return { status: 204 };
      }),
    ),
  ];
}

function changeRoute(store: ObjectStore, method: string, change: typeof patchedSettings): Route {
  return needs(
    'storage.buckets.update',
    storageRoute(method, ONE, (request, name = '') => {
      const body = jsonBody(request);
      const match = numberIn(request.query, 'ifMetagenerationMatch');
      const bucket = store.changeBucket(name, {
        change: (before) => ({ ...before, settings: change(before.settings, body) }),
        ...(match === undefined ? {} : { ifMetagenerationMatch: match }),
      });
      return okReply(bucketView(name, bucket, originOf(request)));
    }),
  );
}
