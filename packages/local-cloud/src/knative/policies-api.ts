import { getJob } from '../control/jobs.ts';
import { getPolicy, setPolicy } from '../control/policies.ts';
import { getService } from '../control/services.ts';
import type { World } from '../control/world.ts';
import { transition } from '../http/cloud.ts';
import { readJson } from '../http/query.ts';
import type { Route } from '../http/route.ts';
import { type KnativeCloud, located, type Target } from './knative-route.ts';
import { messageOf } from './mapping.ts';
import { readV1 } from './read-v1.ts';

/** Throws NOT_FOUND for a resource that is not there. */
const KINDS: Readonly<Record<string, (world: World, name: string) => object>> = {
  services: getService,
  jobs: getJob,
};

/** IAM policies of services and jobs; whoever asks may do everything here. */
export function policyRoutes(cloud: KnativeCloud): readonly Route[] {
  return Object.entries(KINDS).flatMap(([plural, find]) => {
    const existing = ({ parent, name }: Target) => {
      const resource = `${parent}/${plural}/${name}`;
      find(cloud.world, resource);
      return resource;
    };
    return [
      located(cloud, ['GET', `${plural}/*:getIamPolicy`], (target) => ({
        status: 200,
        body: getPolicy(cloud.world, existing(target)),
      })),
      located(cloud, ['POST', `${plural}/*:setIamPolicy`], (target) => {
        const { policy } = readV1('SetIamPolicyRequest', readJson(target.request));
        const resource = existing(target);
        const set = transition(cloud, (world) => setPolicy(world, resource, messageOf(policy)));
        return { status: 200, body: set };
      }),
      located(cloud, ['POST', `${plural}/*:testIamPermissions`], (target) => ({
        status: 200,
        body: readV1('TestIamPermissionsRequest', readJson(target.request)),
      })),
    ];
  });
}
