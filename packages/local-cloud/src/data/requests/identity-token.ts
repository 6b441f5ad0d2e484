import type { Caller } from './caller.ts';

/** Whether a token may call a service that goes by one of these audiences. */
export type TokenVerifier = (token: string, audiences: readonly string[]) => TokenVerdict;

export type TokenVerdict =
  { readonly kind: 'valid' } | { readonly kind: 'invalid'; readonly because: string };

export interface LocalTokenOptions {
  readonly now: () => number;
  /** Whether the signature over `header.payload` is the issuer's; signatures are not looked at unless told how. */
  readonly isSigned?: (token: string) => boolean;
}

/** Takes any JSON Web Token whose `aud` is one of the audiences and whose `exp` is not over: there is nobody on this machine to sign one. */
export function localTokens({ now, isSigned = () => true }: LocalTokenOptions): TokenVerifier {
  return (token, audiences) => {
    const claims = claimsOf(token);
    if (claims === undefined) return invalid('The access token could not be read as a JSON Web Token.');
    if (!isSigned(token)) return invalid("The access token's signature could not be verified.");
    if (typeof claims.exp !== 'number' || claims.exp * 1_000 <= now())
      return invalid('The access token has expired.');
    const named = Array.isArray(claims.aud) ? (claims.aud as unknown[]) : [claims.aud];
    if (named.some((audience) => typeof audience === 'string' && audiences.includes(audience)))
      return { kind: 'valid' };
    return invalid(`The access token's audience ${JSON.stringify(claims.aud)} is not this service.`);
  };
}

function invalid(because: string): TokenVerdict {
  return { kind: 'invalid', because };
}

function claimsOf(token: string): { readonly exp?: unknown; readonly aud?: unknown } | undefined {
  const [, payload, ...rest] = token.split('.');
  if (payload === undefined || rest.length !== 1) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? claims : undefined;
  } catch {
    // The caller hears that it is no token.
    return undefined;
  }
}

/** As in Cloud Run, `X-Serverless-Authorization` alone counts where it is given. Undefined without a bearer token. */
export function bearerOf(caller: Caller): string | undefined {
  const given = caller.header('x-serverless-authorization') ?? caller.header('authorization');
  const [, token] = /^bearer\s+(\S+)\s*$/i.exec(given ?? '') ?? [];
  return token;
}
