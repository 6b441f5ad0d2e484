import { isRecord, type Message } from '../messages/index.ts';
import { OauthError } from './oauth-error.ts';
import type { IdentityProvider } from './provider.ts';

/** The keys with which a provider's issuer signs, fetched anew each time: issuers on this machine are near, and tests change their keys. */
export async function issuerKeys({ issuer, jwks, jwksUri }: IdentityProvider): Promise<readonly Message[]> {
  if (jwks !== undefined) return keysIn(jwks);
  const uri =
    jwksUri ?? (await fetched(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`))['jwks_uri'];
  if (typeof uri !== 'string') throw unreachable();
  return keysIn(await fetched(uri));
}

function keysIn(jwks: object): readonly Message[] {
  const keys: unknown = 'keys' in jwks ? jwks.keys : [];
  return Array.isArray(keys) ? keys.filter(isRecord) : [];
}

// Nothing of the local cloud leaves the machine: an issuer that is elsewhere needs its keys in the provider.
async function fetched(uri: string): Promise<Message> {
  if (!/^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?\//.test(uri)) throw unreachable();
  try {
    const response = await fetch(uri, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
    const json: unknown = await response.json();
    if (response.ok && isRecord(json)) return json;
  } catch {
    // The caller hears that the issuer cannot be reached, as from the real service.
  }
  throw unreachable();
}

function unreachable(): OauthError {
  return new OauthError('invalid_grant', "Error connecting to the given credential's issuer.");
}
