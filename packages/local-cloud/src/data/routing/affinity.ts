import type { Caller, RawHeaders } from '../requests/caller.ts';
import { shortName } from '../containers/container-env.ts';
import type { Revision } from '../revisions/revision.ts';
import type { Running } from '../containers/running.ts';

/** Where a client has been before. */
export interface Affinity {
  /** Short name. */
  readonly revision: string;
  readonly instance: string;
}

const cookieName = 'GAESA';
const lifetimeMs = 30 * 24 * 3_600_000;

/** The header that sends the client's next request to the same instance, as Cloud Run's session affinity does. */
export function affinityCookie({ spec }: Revision, { id }: Running): RawHeaders {
  const value = Buffer.from(JSON.stringify([shortName(spec.name), id])).toString('base64url');
  const expires = new Date(Date.now() + lifetimeMs).toUTCString();
  return ['Set-Cookie', `${cookieName}=${value}; expires=${expires}; path=/`];
}

/** From the cookie, or from a header `GAESA` with its value for clients that keep no cookies; undefined for what we did not write. */
export function affinityOf(caller: Caller): Affinity | undefined {
  const value = caller.header('gaesa') ?? cookieOf(caller);
  if (value === undefined) return undefined;
  try {
    const read: unknown = JSON.parse(Buffer.from(value, 'base64url').toString());
    const [revision, instance] = Array.isArray(read) ? (read as unknown[]) : [];
    return typeof revision === 'string' && typeof instance === 'string' ? { revision, instance } : undefined;
  } catch {
    // Not ours: the client is treated as new.
    return undefined;
  }
}

function cookieOf(caller: Caller): string | undefined {
  const [, value] = /(?:^|;\s*)GAESA=([^;]*)/.exec(caller.header('cookie') ?? '') ?? [];
  return value;
}
