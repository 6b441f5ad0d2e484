import { checkVersion, withoutConditions } from '../control/policy-form.ts';
import type { Policy } from '../control/policy.ts';
import { type PolicyRecord, policyView, replacedPolicy, type SetPolicy } from '../control/policy-record.ts';
import type { MicroClock } from '../control/time.ts';

/** IAM policies of the neighbours' resources, by any name that stays the same. Who may do what is not enforced. */
export interface Policies {
  /** Conditions are shown to who asks for version 3. */
  readonly get: (resource: string, requestedVersion?: number) => Policy;
  /** Throws ABORTED for an etag that is not the current one. */
  readonly set: (wanted: SetPolicy) => Policy;
  /** To be called with the resource's end: a new one of its name has none of its members. */
  readonly forget: (resource: string) => void;
}

export function policiesOf(now: MicroClock, kept: Map<string, PolicyRecord>): Policies {
  return {
    get: (resource, requestedVersion = 0) => {
      checkVersion(requestedVersion);
      const policy = policyView(kept.get(resource));
      return requestedVersion === 3 ? policy : withoutConditions(policy);
    },
    set: (wanted) => {
      const record = replacedPolicy(kept.get(wanted.resource), wanted, now);
      kept.set(wanted.resource, record);
      return policyView(record);
    },
    forget: (resource) => kept.delete(resource),
  };
}
