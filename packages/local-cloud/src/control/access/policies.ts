import { CloudError } from '../cloud-error.ts';
import { type Kind, notFound } from '../names.ts';
import type { Policy } from '../policy.ts';
import { checkVersion, withoutConditions } from '../policy-form.ts';
import { policyView, replacedPolicy, type SetPolicy } from '../policy-record.ts';
import type { World } from '../world.ts';
import { type Caller, may } from './callers.ts';

/** The policy with its etag. Conditions are shown to who asks for version 3. */
export function getPolicy(world: World, resource: string, requestedVersion = 0): Policy {
  checkVersion(requestedVersion);
  const policy = wholePolicy(world, resource);
  return requestedVersion === 3 ? policy : withoutConditions(policy);
}

/**
 * Replaces what the mask names of the policy, its bindings unless told. Throws ABORTED when it carries an etag that is not the current one; without an etag the
 * last write wins.
 */
export function setPolicy(world: World, wanted: SetPolicy): Policy {
  const { resource } = wanted;
  checkOwner(world, resource);
  const record = replacedPolicy(world.policies.get(resource), wanted, () => world.now());
  world.policies.set(resource, record);
  if (kindOf(resource) === 'services') world.commands.push({ kind: 'set-access', service: resource });
  return policyView(record);
}

/** Those of the permissions that a resource of this kind knows and the caller has on it. */
export function testPermissions(
  world: World,
  { resource, caller }: { readonly resource: string; readonly caller: Caller | undefined },
  permissions: readonly string[],
): readonly string[] {
  checkOwner(world, resource);
  const wildcard = permissions.find((permission) => permission.includes('*'));
  if (wildcard !== undefined)
    throw new CloudError(
      'INVALID_ARGUMENT',
      `Permissions with wildcards (such as '*' or 'storage.*') are not allowed, got '${wildcard}'.`,
    );
  const known = permissions.filter((permission) => KNOWN[kindOf(resource)].test(permission));
  return known.filter((permission) => may(world, caller, [permission, resource]));
}

/** Whether anybody may call the service without a token (behaviour 25): allUsers may invoke it, or the check is switched off. A service that does not exist is not. */
export function isPublic(world: World, service: string): boolean {
  const found = world.services.get(service);
  if (found === undefined) return false;
  if (found.spec.invokerIamDisabled === true) return true;
  const { bindings = [] } = world.policies.get(service)?.policy ?? {};
  return bindings.some(
    ({ role = '', members = [], condition }) =>
      INVOKERS.includes(role) && members.includes('allUsers') && condition === undefined,
  );
}

// The predefined roles that hold run.routes.invoke and can be granted on a service.
const INVOKERS = ['roles/run.invoker', 'roles/run.servicesInvoker', 'roles/run.admin'];

const POLICY = 'getIamPolicy|setIamPolicy';
const KNOWN = {
  services: new RegExp(
    `^run\\.(services\\.(get|list|update|delete|${POLICY})|routes\\.(get|invoke)|revisions\\.(get|list|delete))$`,
  ),
  jobs: new RegExp(
    `^run\\.(jobs\\.(get|list|update|delete|run|runWithOverrides|${POLICY})|executions\\.(get|list|delete|cancel)|tasks\\.(get|list))$`,
  ),
  workerPools: new RegExp(
    `^run\\.(workerpools\\.(get|list|update|delete|${POLICY})|revisions\\.(get|list|delete))$`,
  ),
} as const;

const KINDS: Readonly<Record<keyof typeof KNOWN, Kind>> = {
  services: 'SERVICE',
  jobs: 'JOB',
  workerPools: 'WORKER_POOL',
};

function kindOf(resource: string): keyof typeof KNOWN {
  const collection = resource.split('/')[4];
  return collection === 'jobs' || collection === 'workerPools' ? collection : 'services';
}

function checkOwner(world: World, resource: string): void {
  const kind = kindOf(resource);
  if (!world[kind].has(resource)) throw notFound(KINDS[kind], resource);
}

function wholePolicy(world: World, resource: string): Policy {
  checkOwner(world, resource);
  return policyView(world.policies.get(resource));
}
