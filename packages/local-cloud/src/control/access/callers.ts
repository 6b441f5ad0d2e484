import { CloudError } from '../cloud-error.ts';
import type { World } from '../world.ts';
import { holds } from './roles.ts';

/** Somebody whose permissions count. */
export interface Caller {
  /** The names that a policy knows them by: `serviceAccount:deployer@p.iam.gserviceaccount.com`. */
  readonly principals: readonly string[];
  /** What they were granted on every project: roles, or single permissions. */
  readonly roles: readonly string[];
}

/** Whether the caller has the permission on the resource, by the project's grants or by its own policy; one that nobody is told of may do everything. */
export function may(
  world: World,
  caller: Caller | undefined,
  [permission, resource]: readonly [string, string],
): boolean {
  if (caller === undefined) return true;
  return [...caller.roles, ...rolesOn(world, caller, resource)].some((role) => holds(role, permission));
}

/** Throws PERMISSION_DENIED where the caller may not; the API does not tell whether the resource is there. */
export function checkMay(
  world: World,
  caller: Caller | undefined,
  [permission, resource]: readonly [string, string],
): void {
  if (!may(world, caller, [permission, resource])) throw denied(permission, resource);
}

export function denied(permission: string, resource: string): CloudError {
  return new CloudError(
    'PERMISSION_DENIED',
    `Permission '${permission}' denied on resource '${resource}' (or resource may not exist).`,
  );
}

/** A binding under a condition gives nothing: conditions are kept, not judged. */
function rolesOn({ policies }: World, { principals }: Caller, resource: string): readonly string[] {
  const owner = resource.split('/').slice(0, 6).join('/');
  const { bindings = [] } = policies.get(owner)?.policy ?? {};
  const names = new Set([...principals, 'allUsers', 'allAuthenticatedUsers']);
  return bindings
    .filter(({ members = [], condition }) => condition === undefined && members.some((one) => names.has(one)))
    .map(({ role = '' }) => role);
}
