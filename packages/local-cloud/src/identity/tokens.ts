import { randomBytes } from 'node:crypto';

import { CloudError } from '../control/cloud-error.ts';
import { errorInfo } from '../messages/index.ts';

/** Access tokens that the local cloud has given out, in memory. */
export interface Tokens {
  /** A token for somebody who goes by these names in policies. */
  readonly issue: (principals: readonly string[], lifetimeSeconds: number) => IssuedToken;
  /** The names of the bearer; undefined without an Authorization header. Throws UNAUTHENTICATED for a token that is unknown or over. */
  readonly bearer: (authorization: string | undefined) => readonly string[] | undefined;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresMs: number;
}

const HELP =
  'Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.';

export function tokensAt(nowMs: () => number): Tokens {
  const given = new Map<string, { readonly principals: readonly string[]; readonly expiresMs: number }>();
  return {
    issue: (principals, lifetimeSeconds) => {
      const token = `ya29.local.${randomBytes(32).toString('base64url')}`;
      const expiresMs = nowMs() + lifetimeSeconds * 1_000;
      for (const [old, { expiresMs: end }] of given) if (end <= nowMs()) given.delete(old);
      given.set(token, { principals, expiresMs });
      return { token, expiresMs };
    },
    bearer: (authorization) => {
      if (authorization === undefined) return undefined;
      const token = /^bearer\s+(\S+)$/i.exec(authorization)?.[1] ?? '';
      const known = given.get(token);
      if (known !== undefined && known.expiresMs > nowMs()) return known.principals;
      throw unauthenticated(
        `Request had invalid authentication credentials. ${HELP}`,
        known === undefined ? 'ACCESS_TOKEN_TYPE_UNSUPPORTED' : 'ACCESS_TOKEN_EXPIRED',
      );
    },
  };
}

/** The refusal of a call without a token where one is asked for. */
export function tokenMissing(): CloudError {
  return unauthenticated(
    `Request is missing required authentication credential. ${HELP}`,
    'CREDENTIALS_MISSING',
  );
}

function unauthenticated(message: string, reason: string): CloudError {
  return new CloudError('UNAUTHENTICATED', message, [errorInfo(reason, 'run.googleapis.com')]);
}
