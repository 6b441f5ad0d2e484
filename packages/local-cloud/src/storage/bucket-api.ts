import { without } from '../control/without.ts';
import type { ApiRequest, Route } from '../http/route.ts';
import { needs, okReply } from '../messages/index.ts';
import { newSettings, patchedSettings, replacedSettings } from './bucket.ts';
import { bucketView } from './bucket-view.ts';
import type { BucketConditions } from './bucket-store.ts';
import type { ObjectStore } from './object-store.ts';
import { jsonBody, originOf, preconditions, storageRoute } from './storage-request.ts';

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
      storageRoute('GET', ONE, (request, name = '') => {
        const { ifMetagenerationNotMatch: known, ...conditions } = conditionsIn(request);
        const bucket = store.bucket(name, conditions);
        if (known === bucket.metageneration) return { status: 304 };
        return okReply(bucketView(name, bucket, originOf(request)));
      }),
    ),
    changeRoute(store, 'PATCH', patchedSettings),
    changeRoute(store, 'PUT', replacedSettings),
    needs(
      'storage.buckets.delete',
      storageRoute('DELETE', ONE, (request, bucket = '') => {
        store.deleteBucket(bucket, conditionsIn(request));
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
      const bucket = store.changeBucket(name, {
        change: (before) => ({ ...before, settings: change(before.settings, body) }),
        conditions: conditionsIn(request),
      });
      return okReply(bucketView(name, bucket, originOf(request)));
    }),
  );
}

/** A bucket has no generation. */
function conditionsIn(request: ApiRequest): BucketConditions {
  return without(preconditions(request), 'ifGenerationMatch', 'ifGenerationNotMatch');
}
