import { type Caller, may } from './callers.ts';
import { CloudError } from './cloud-error.ts';
import { type Kind, notFound } from './names.ts';
import { checkPolicy, checkVersion, masked, withoutConditions } from './policy-form.ts';
import type { Policy } from './policy.ts';
import type { PolicyRecord, World } from './world.ts';

/** What a resource answers whose policy nobody has ever set, as the real API does. */
const NEVER_SET = 'ACAB';

/** The policy with its etag. Conditions are shown to who asks for version 3. */
export function getPolicy(world: World, resource: string, requestedVersion = 0): Policy {
  checkVersion(requestedVersion);
  const policy = wholePolicy(world, resource);
  return requestedVersion === 3 ? policy : withoutConditions(policy);
}

export interface SetPolicy {
  readonly resource: string;
  readonly policy: Policy;
  readonly updateMask?: string;
}

/**
 * Replaces what the mask names of the policy, its bindings unless told. Throws ABORTED when it carries an etag that is not the current one; without an etag the
 * last write wins.
 */
export function setPolicy(world: World, { resource, policy, updateMask }: SetPolicy): Policy {
  const { etag, ...wanted } = policy;
  const current = wholePolicy(world, resource);
  if (etag !== undefined && etag !== '' && !isSameEtag(etag, current.etag))
    throw new CloudError(
      'ABORTED',
      'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
    );
  checkPolicy(wanted);
  const record: PolicyRecord = {
    resource,
    policy: masked(world.policies.get(resource)?.policy ?? {}, wanted, updateMask),
    updateMicros: world.now(),
  };
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

function policyView(record: PolicyRecord | undefined): Policy {
  if (record === undefined) return { etag: NEVER_SET };
  const { version = 1, bindings = [], auditConfigs } = record.policy;
  return {
    version,
    ...(bindings.length === 0 ? {} : { bindings }),
    ...(auditConfigs === undefined ? {} : { auditConfigs }),
    etag: etagOf(record.updateMicros),
  };
}

/** Base64 of a byte 7 and the microseconds in seven bytes, as in the "BwX…" that the real API has answered. */
function etagOf(micros: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(micros));
  bytes[0] = 7;
  return bytes.toString('base64');
}

/** Bytes are told apart by what they are, whichever of the two alphabets of base64 they are written in. */
function isSameEtag(given: string, current = ''): boolean {
  return Buffer.from(given, 'base64').equals(Buffer.from(current, 'base64'));
}
