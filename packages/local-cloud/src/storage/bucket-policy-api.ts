import { checkPolicy, mergedBindings } from '../control/policy-form.ts';
import type { Binding, Policy } from '../control/policy.ts';
import { without } from '../control/without.ts';
import { readMessage } from '../http/proto-json.ts';
import type { Route } from '../http/route.ts';
import { needs, okReply } from '../messages/index.ts';
import type { Bucket } from './bucket.ts';
import { bucketEtag, isUniform } from './bucket-view.ts';
import type { ObjectStore } from './object-store.ts';
import { conditionNotMet } from './preconditions.ts';
import { jsonBody, storageRoute } from './storage-request.ts';

/** IAM policies of buckets. A write counts in the bucket's metageneration, of which the policy's etag is made. */
export function bucketPolicyRoutes(store: ObjectStore): readonly Route[] {
  const path = /^\/storage\/v1\/b\/([^/]+)\/iam$/;
  return [
    needs(
      'storage.buckets.getIamPolicy',
      storageRoute('GET', path, (_, name = '') => okReply(policyView(name, store.bucket(name)))),
    ),
    needs(
      'storage.buckets.setIamPolicy',
      storageRoute('PUT', path, (request, name = '') => {
        const policy = without(jsonBody(request), 'kind', 'resourceId');
        const { etag, ...wanted } = readMessage('google.iam.v1.Policy', policy) as Policy;
        const current = bucketEtag(store.bucket(name).metageneration);
        if (etag !== undefined && etag !== '' && etag !== current) throw conditionNotMet();
        checkPolicy(wanted);
        const bindings = mergedBindings(wanted.bindings ?? []);
        return okReply(
          policyView(name, store.changeBucket(name, { change: (bucket) => ({ ...bucket, bindings }) })),
        );
      }),
    ),
    storageRoute('GET', /^\/storage\/v1\/b\/([^/]+)\/iam\/testPermissions$/, (request, name = '') => {
      store.bucket(name);
      const permissions = request.query.getAll('permissions').filter((one) => one.startsWith('storage.'));
      return okReply({
        kind: 'storage#testIamPermissionsResponse',
        ...(permissions.length === 0 ? {} : { permissions }),
      });
    }),
  ];
}

function policyView(name: string, bucket: Bucket): object {
  const { metageneration, bindings = firstBindings(bucket) } = bucket;
  return {
    kind: 'storage#policy',
    resourceId: `projects/_/buckets/${name}`,
    version: bindings.some((binding) => 'condition' in binding) ? 3 : 1,
    etag: bucketEtag(metageneration),
    ...(bindings.length === 0 ? {} : { bindings }),
  };
}

/** What a new bucket's policy grants to its project. */
function firstBindings({ project, settings }: Bucket): readonly Binding[] {
  if (project === undefined) return [];
  const writers = [`projectEditor:${project}`, `projectOwner:${project}`];
  const readers = [`projectViewer:${project}`];
  const levels = isUniform(settings) ? ['Bucket', 'Object'] : ['Bucket'];
  return levels.flatMap((level) => [
    { role: `roles/storage.legacy${level}Owner`, members: writers },
    { role: `roles/storage.legacy${level}Reader`, members: readers },
  ]);
}
