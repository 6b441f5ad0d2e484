import { CloudError } from './cloud-error.ts';
import type { Binding, Policy } from './policy.ts';

/** A policy of one resource, with which it is deleted. */
export interface PolicyRecord {
  readonly resource: string;
  readonly policy: Policy;
  readonly updateMicros: number;
}

/** What a resource answers whose policy nobody has ever set, as the real API does. */
const NEVER_SET = 'ACAB';

/** The policy with its etag. */
export function policyView(record: PolicyRecord | undefined): Policy {
  if (record === undefined) return { etag: NEVER_SET };
  const { version = 1, bindings = [], auditConfigs } = record.policy;
  return {
    version,
    ...(bindings.length === 0 ? {} : { bindings }),
    ...(auditConfigs === undefined ? {} : { auditConfigs }),
    etag: etagOf(record.updateMicros),
  };
}

/** What takes the place of the policy. Throws ABORTED when it carries an etag that is not `current`'s; without an etag the last write wins. */
export function replacedPolicy(
  resource: string,
  { etag, ...wanted }: Policy,
  { current, now }: { readonly current: Policy; readonly now: () => number },
): PolicyRecord {
  if (etag !== undefined && etag !== '' && !isSameEtag(etag, current.etag))
    throw new CloudError(
      'ABORTED',
      'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
    );
  checkBindings(wanted);
  return {
    resource,
    policy: { ...wanted, bindings: mergedBindings(wanted.bindings ?? []) },
    updateMicros: now(),
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

const ROLE = /^(?:roles|projects\/[^/]+\/roles|organizations\/[^/]+\/roles)\/[\w.]+$/;
const MEMBER =
  /^(?:allUsers|allAuthenticatedUsers|(?:user|serviceAccount|group|domain|deleted|projectOwner|projectEditor|projectViewer|principal|principalSet):.+)$/;

/** Throws INVALID_ARGUMENT for what no policy can grant. */
export function checkBindings({ version = 0, bindings = [] }: Policy): void {
  if (![0, 1, 3].includes(version)) throw invalid(`Invalid policy version (${version}): must be 0, 1 or 3.`);
  for (const { role = '', members = [], condition } of bindings) {
    if (!ROLE.test(role)) throw invalid(`Role (${role}) does not exist in the resource's hierarchy.`);
    if (condition !== undefined && version !== 3)
      throw invalid('Conditions in policy bindings need policy version 3.');
    const unknown = members.find((member) => !MEMBER.test(member));
    if (unknown !== undefined)
      throw invalid(
        `The member ${unknown} is of an unknown type. Please set a valid type prefix for the member.`,
      );
  }
}

/** One binding for each role and condition, without members that are named twice and without roles that nobody has. */
export function mergedBindings(bindings: readonly Binding[]): readonly Binding[] {
  const groups = Map.groupBy(bindings, ({ role, condition }) => JSON.stringify([role, condition]));
  return [...groups.values()].flatMap((same) => {
    const members = [...new Set(same.flatMap((binding) => binding.members ?? []))];
    return members.length === 0 ? [] : [{ ...same[0], members }];
  });
}

function invalid(message: string): CloudError {
  return new CloudError('INVALID_ARGUMENT', message);
}
