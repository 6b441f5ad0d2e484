import { may } from '../control/access/callers.ts';
import { CloudError } from '../control/cloud-error.ts';
import { getPolicy, setPolicy, testPermissions } from '../control/access/policies.ts';
import { transition } from '../http/cloud.ts';
import { readJson } from '../http/query.ts';
import type { Route } from '../http/route.ts';
import { type KnativeCloud, located, type Target } from './knative-route.ts';
import { listOf, messageOf, textOf } from './mapping.ts';
import { readV1 } from './read-v1.ts';

/** What has a policy, as paths and as permissions call it. */
const OWNERS = [
  { path: 'services', collection: 'services', service: 'Services' },
  { path: 'jobs', collection: 'jobs', service: 'Jobs' },
  { path: 'workerpools', collection: 'workerPools', service: 'WorkerPools' },
] as const;

/** IAM policies of services, jobs and worker pools: those of v2. */
export function policyRoutes(cloud: KnativeCloud): readonly Route[] {
  const { world } = cloud;
  return OWNERS.flatMap(({ path, collection, service }) => {
    const resource = ({ parent, name }: Target) => `${parent}/${collection}/${name}`;
    const permission = (verb: string) => `run.${path}.${verb}`;
    return [
      located(
        cloud,
        {
          method: 'GET',
          path: `${path}/*:getIamPolicy`,
          rpc: `${service}.GetIamPolicy`,
          permission: permission('getIamPolicy'),
        },
        (target) => {
          const version = Number(target.request.query.get('options.requestedPolicyVersion') ?? 0);
          return { status: 200, body: getPolicy(world, resource(target), version) };
        },
      ),
      located(
        cloud,
        {
          method: 'POST',
          path: `${path}/*:setIamPolicy`,
          rpc: `${service}.SetIamPolicy`,
          permission: permission('setIamPolicy'),
        },
        (target) => {
          const { policy, updateMask } = readV1('SetIamPolicyRequest', readJson(target.request));
          const set = transition(cloud, (now) =>
            setPolicy(now, {
              resource: resource(target),
              policy: messageOf(policy),
              ...(updateMask === undefined ? {} : { updateMask: textOf(updateMask) }),
            }),
          );
          return { status: 200, body: set };
        },
      ),
      located(
        cloud,
        { method: 'POST', path: `${path}/*:testIamPermissions`, rpc: `${service}.TestIamPermissions` },
        (target) => {
          const { permissions } = readV1('TestIamPermissionsRequest', readJson(target.request));
          const held = heldAt(cloud, { ...target, name: resource(target) }, listOf(permissions).map(textOf));
          return { status: 200, body: held.length === 0 ? {} : { permissions: held } };
        },
      ),
    ];
  });
}

/** gcloud asks before it makes a service: what is granted on the project counts for what is not there yet. */
function heldAt(
  { world }: KnativeCloud,
  { request: { caller }, name: resource }: Target,
  permissions: readonly string[],
): readonly string[] {
  try {
    return testPermissions(world, { resource, caller }, permissions);
  } catch (thrown) {
    if (!(thrown instanceof CloudError && thrown.code === 'NOT_FOUND')) throw thrown;
    return permissions.filter((permission) => may(world, caller, [permission, resource]));
  }
}
