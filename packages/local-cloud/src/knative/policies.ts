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
      if (etag !== undefined && etag !== '' && !isSameEtag(etag, get(resource)['etag']))
        throw new CloudError(
          'ABORTED',
          'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
        );
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64BE(BigInt(now()));
      bytes[0] = 7;
      const stored = { version: 1, ...policy, etag: bytes.toString('base64') };
      policies.set(resource, stored);
      return stored;
    },
  };
}

/** An etag is bytes: clients write them in either alphabet of base64, with and without padding. */
function isSameEtag(a: unknown, b: unknown): boolean {
  return Buffer.from(String(a), 'base64').equals(Buffer.from(String(b), 'base64'));
}
