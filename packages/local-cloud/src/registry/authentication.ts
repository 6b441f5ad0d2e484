import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { answer, type Exchange } from './exchange.ts';
import { RegistryError } from './registry-error.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Who may come in: as Artifact Registry, with a bearer token that is got for a name and password, or with these themselves. */
export interface Authentication {
  /** Throws UNAUTHORIZED with the challenge that says where tokens are given out. */
  readonly check: (request: IncomingMessage) => void;
  readonly giveToken: (exchange: Exchange) => void;
}

export function authentication(credentials: Credentials | undefined): Authentication {
  const tokens = new Set<string>();
  const basic = credentials && basicHeader(credentials);
  return {
    check: ({ headers }) => {
      const { authorization = '' } = headers;
      if (basic === undefined || authorization === basic) return;
      if (authorization.startsWith('Bearer ') && tokens.has(authorization.slice('Bearer '.length))) return;
      throw unauthorized(
        `Bearer realm="http://${headers.host ?? ''}/v2/token",service="${headers.host ?? ''}"`,
      );
    },
    giveToken: (exchange) => {
      if (basic !== undefined && exchange.request.headers.authorization !== basic)
        throw unauthorized('Basic realm="token"');
      const token = randomUUID();
      tokens.add(token);
      const body = JSON.stringify({ token, expires_in: 300 });
      answer(exchange, { status: 200, headers: { 'content-type': 'application/json' }, body });
    },
  };
}

function basicHeader({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function unauthorized(challenge: string): RegistryError {
  const message = 'authentication is required';
  return new RegistryError({ status: 401, code: 'UNAUTHORIZED', message }, { 'www-authenticate': challenge });
}
