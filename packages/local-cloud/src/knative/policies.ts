import { CloudError } from '../control/cloud-error.ts';
import type { MicroClock } from '../control/time.ts';
import type { Message } from './mapping.ts';

/** IAM policies by the full names of their resources. */
export interface Policies {
  readonly get: (resource: string) => Message;
  /** Throws ABORTED when the policy's etag is not the current one. */
  readonly set: (resource: string, policy: Message) => Message;
}

/** Policies that nothing else looks at. */
export function storedPolicies(now: MicroClock): Policies {
  const policies = new Map<string, Message>();
  const get = (resource: string) => policies.get(resource) ?? { version: 1, etag: 'ACAB' };
  return {
    get,
    set: (resource, policy) => {
      const { etag } = policy;
      if (etag !== undefined && etag !== '' && etag !== get(resource)['etag'])
        throw new CloudError(
          'ABORTED',
          'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
        );
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64BE(BigInt(now()));
      const stored = { version: 1, ...policy, etag: `Bw${bytes.subarray(1).toString('base64')}` };
      policies.set(resource, stored);
      return stored;
    },
  };
}
