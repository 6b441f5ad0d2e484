import { isLoopbackRegistry } from '@fairlead/images';

import { type Challenge, challengeOf } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import { parsedRecord, textOf } from './json.ts';
import { RegistryFailure, unanswered } from './registry-failure.ts';
import type { RegistryRequest, TransportOptions } from './registry-request.ts';

export interface Authorizer {
  /** What is known to open the door, before the registry was asked. */
  readonly authorization: (request: RegistryRequest) => Promise<string | undefined>;
  /** What answers a challenge; undefined when nothing does. */
  readonly renewed: (request: RegistryRequest, challenge: string) => Promise<string | undefined>;
}

/** Keeps, for the life of a client, what opened each registry: Google takes access tokens at once, others give tokens for rights. */
export function authorizer(options: TransportOptions): Authorizer {
  const known = new Map<string, string>();
  const keyOf = ({ registry, scopes }: RegistryRequest) => [registry, ...scopes].join(' ');
  const credentials = new Map<string, Promise<Credentials | undefined>>();
  const credentialsFor = (registry: string) => {
    const found = credentials.get(registry) ?? options.credentialsFor(registry);
    credentials.set(registry, found);
    return found;
  };
  return {
    authorization: async (request) => {
      const header = known.get(keyOf(request));
      if (header !== undefined) return header;
      const found = await credentialsFor(request.registry);
      return found?.kind === 'bearer' ? bearer(options, found.token) : undefined;
    },
    renewed: async (request, text) => {
      // A token may have expired since: what is found now is not what was found then.
      credentials.delete(request.registry);
      const header = await answerTo(challengeOf(text), request, {
        ...options,
        credentials: await credentialsFor(request.registry),
      });
      if (header !== undefined) known.set(keyOf(request), header);
      return header;
    },
  };
}

type Answering = TransportOptions & { readonly credentials: Credentials | undefined };

async function answerTo(
  challenge: Challenge | undefined,
  request: RegistryRequest,
  answering: Answering,
): Promise<string | undefined> {
  const { credentials } = answering;
  if (challenge === undefined || credentials?.kind === 'bearer') return undefined;
  if (challenge.kind === 'bearer') return bearer(answering, await tokenFor(challenge, request, answering));
  return credentials === undefined ? undefined : basic(answering, credentials);
}

async function tokenFor(
  challenge: Extract<Challenge, { kind: 'bearer' }>,
  request: RegistryRequest,
  { credentials, signal, ...rest }: Answering,
): Promise<string> {
  const url = new URL(challenge.realm);
  const { registry } = request;
  const what = `give out a token at ${url.host}`;
  if (url.protocol !== 'https:' && !isLoopbackRegistry(url.host))
    throw new RegistryFailure({
      registry,
      what,
      status: 401,
      code: '',
      said: 'credentials are not sent over plain http',
    });
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service);
  for (const scope of request.scopes) url.searchParams.append('scope', scope);
  const headers = credentials?.kind === 'basic' ? { authorization: basic(rest, credentials) } : undefined;
  const response = await fetch(url, { ...(headers && { headers }), ...(signal && { signal }) }).catch(
    (thrown: unknown) => {
      throw unanswered({ registry: url.host, what: `get a token for ${registry}` }, thrown);
    },
  );
  const body = parsedRecord(await response.text());
  const token = textOf(body?.['token']) ?? textOf(body?.['access_token']);
  if (response.ok && token !== undefined) return token;
  throw new RegistryFailure({ registry, what, status: response.status, code: '', said: '' });
}

function bearer({ log }: Pick<TransportOptions, 'log'>, token: string): string {
  log.mask(token);
  return `Bearer ${token}`;
}

function basic(
  { log }: Pick<TransportOptions, 'log'>,
  { username, password }: Extract<Credentials, { kind: 'basic' }>,
): string {
  const encoded = Buffer.from(`${username}:${password}`).toString('base64');
  log.mask(password);
  log.mask(encoded);
  return `Basic ${encoded}`;
}
