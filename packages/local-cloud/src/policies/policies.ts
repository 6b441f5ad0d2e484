import { type Policy } from '../control/policy.ts';
import { type PolicyRecord, policyView, replacedPolicy } from '../control/policy-record.ts';
import type { MicroClock } from '../control/time.ts';

/** IAM policies of the neighbours' resources, by any name that stays the same. Who may do what is not enforced. */
export interface Policies {
  readonly get: (resource: string) => Policy;
  /** Throws ABORTED for an etag that is not the current one. */
  readonly set: (resource: string, policy: Policy) => Policy;
  /** To be called with the resource's end: a new one of its name has none of its members. */
  readonly forget: (resource: string) => void;
}

export function policiesOf(now: MicroClock, kept = new Map<string, PolicyRecord>()): Policies {
  const get = (resource: string) => policyView(kept.get(resource));
  return {
    get,
    set: (resource, policy) => {
      const record = replacedPolicy(resource, policy, { current: get(resource), now });
      kept.set(resource, record);
      return policyView(record);
    },
    forget: (resource) => kept.delete(resource),
  };
}
