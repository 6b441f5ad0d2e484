import { CloudError } from './cloud-error.ts';
import { checkPolicy, masked } from './policy-form.ts';
import type { Policy } from './policy.ts';

/** A policy of one resource, with which it is deleted. */
export interface PolicyRecord {
  readonly resource: string;
  readonly policy: Policy;
  readonly updateMicros: number;
}

export interface SetPolicy {
  readonly resource: string;
  readonly policy: Policy;
  readonly updateMask?: string;
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

/**
 * What takes the place of `current`: of the wanted policy what the mask names, its bindings unless told. Throws ABORTED when it carries an etag that is not the
 * current one; without an etag the last write wins.
 */
export function replacedPolicy(
  current: PolicyRecord | undefined,
  { resource, policy, updateMask }: SetPolicy,
  now: () => number,
): PolicyRecord {
  const { etag, ...wanted } = policy;
  if (etag !== undefined && etag !== '' && !isSameEtag(etag, policyView(current).etag))
    throw new CloudError(
      'ABORTED',
      'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
    );
  checkPolicy(wanted);
  return { resource, policy: masked(current?.policy ?? {}, wanted, updateMask), updateMicros: now() };
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
