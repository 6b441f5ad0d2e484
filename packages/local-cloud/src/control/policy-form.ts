import { createHash } from 'node:crypto';

import { CloudError } from './cloud-error.ts';
import type { Binding, Policy } from './policy.ts';

const ROLE = /^(?:roles|projects\/[^/]+\/roles|organizations\/[^/]+\/roles)\/[\w.]+$/;
const MEMBER =
  /^(?:allUsers|allAuthenticatedUsers|(?:user|serviceAccount|group|domain|deleted|projectOwner|projectEditor|projectViewer|principal|principalSet):.*)$/;
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
const PATHS = ['bindings', 'etag', 'version', 'audit_configs'];
/** What a write changes that does not say. */
const DEFAULT_PATHS = ['bindings', 'etag'];

/** Throws INVALID_ARGUMENT for a policy that IAM would not take. */
export function checkPolicy({ version = 0, bindings = [] }: Policy): void {
  checkVersion(version);
  for (const { role = '', members = [], condition } of bindings) {
    if (!ROLE.test(role)) throw invalid(`Role (${role}) does not exist in the resource's hierarchy.`);
    if (condition !== undefined && version !== 3)
      throw invalid('Conditions in policy bindings need policy version 3.');
    members.forEach(checkMember);
  }
}

export function checkVersion(version: number): void {
  if (![0, 1, 3].includes(version)) throw invalid(`Invalid policy version (${version}): must be 0, 1 or 3.`);
}

/** The fields of the mask from `wanted`, all others as they were. The version goes with the bindings, whose form it names. */
export function masked(current: Policy, wanted: Policy, updateMask: string | undefined): Policy {
  const paths = pathsIn(updateMask);
  const bindings = paths.includes('bindings') ? wanted : current;
  const audit = paths.includes('audit_configs') ? wanted : current;
  return {
    ...(bindings.version === undefined ? {} : { version: bindings.version }),
    bindings: mergedBindings(bindings.bindings ?? []),
    ...(audit.auditConfigs === undefined ? {} : { auditConfigs: audit.auditConfigs }),
  };
}

/** A policy as a caller sees it who does not say that it understands conditions: they are gone, and their roles are named so that nobody takes them for plain ones. */
export function withoutConditions(policy: Policy): Policy {
  const { bindings = [] } = policy;
  if (!bindings.some(({ condition }) => condition !== undefined)) return policy;
  return {
    ...policy,
    version: 1,
    bindings: bindings.map(({ role = '', members = [], condition }) => ({
      role: condition === undefined ? role : `${role}_withcond_${digest(condition)}`,
      members,
    })),
  };
}

function checkMember(member: string): void {
  if (!MEMBER.test(member))
    throw invalid(
      `The member ${member} is of an unknown type. Please set a valid type prefix for the member.`,
    );
  const [, type = '', email = ''] = /^(\w+):(.*)$/.exec(member) ?? [];
  if (type === 'serviceAccount' && !email.includes('.svc.id.goog[') && !EMAIL.test(email))
    throw invalid(`Invalid service account (${email}).`);
  if ((type === 'user' || type === 'group') && !EMAIL.test(email))
    throw invalid(`Invalid email address (${email}).`);
  if (type === 'user' && email.endsWith('.gserviceaccount.com'))
    throw invalid(
      `Account ${email} is of type "serviceAccount". Please set the type prefix to be "serviceAccount:".`,
    );
}

function pathsIn(mask: string | undefined): readonly string[] {
  if (mask === undefined || mask === '') return DEFAULT_PATHS;
  const paths = mask.split(',').map((path) => path.trim().replace('auditConfigs', 'audit_configs'));
  const unknown = paths.find((path) => !PATHS.includes(path));
  if (unknown !== undefined) throw invalid(`Field '${unknown}' in 'update_mask' is not a field of Policy.`);
  return paths;
}

/** One binding for each role and condition, without members that are named twice and without roles that nobody has. */
export function mergedBindings(bindings: readonly Binding[]): readonly Binding[] {
  const groups = Map.groupBy(bindings, ({ role, condition }) => JSON.stringify([role, condition]));
  return [...groups.values()].flatMap((same) => {
    const members = [...new Set(same.flatMap((binding) => binding.members ?? []))];
    return members.length === 0 ? [] : [{ ...same[0], members }];
  });
}

function digest(condition: object): string {
  return createHash('sha256').update(JSON.stringify(condition)).digest('hex').slice(0, 20);
}

function invalid(message: string): CloudError {
  return new CloudError('INVALID_ARGUMENT', message);
}
