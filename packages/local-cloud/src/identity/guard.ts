import type { Caller } from '../control/access/callers.ts';
import { CloudError } from '../control/cloud-error.ts';
import { type ApiRequest, errorReply, type Route } from '../http/route.ts';
import type { Identity } from './identity.ts';
import { tokenMissing } from './tokens.ts';

/** What needs no token ever: the exchange of tokens, Google's public keys, steering, and objects at their public address. */
const OPEN =
  /^\/v1\/token$|^\/oauth2\/|^\/-\/|^\/(?!(?:v\d+|apis|storage|upload|resumable|download|batch)\/)[^/]+\/.+$/;

/** The routes behind a door that asks for a token where the settings say so. A token that is given is checked in any case. */
export function guarded(routes: readonly Route[], identity: Identity): readonly Route[] {
  return routes.map((route) => ({
    ...route,
    handle: (request, ...caught) => {
      if (OPEN.test(request.path)) return route.handle(request, ...caught);
      const caller = bearerOf(identity, request);
      if (caller instanceof CloudError) return challenge(caller);
      return route.handle(caller === undefined ? request : { ...request, caller }, ...caught);
    },
  }));
}

/**
 * Who calls, where grants say what each may do; undefined where they do not, and whoever calls may do everything. Throws UNAUTHENTICATED where tokens are
 * required. Elsewhere whatever a client sends is let through: gcloud and the libraries send tokens that are not ours.
 */
export function callerOf(identity: Identity, authorization: string | undefined): Caller | undefined {
  const { requireTokens, grants } = identity.settings();
  if (!requireTokens) return undefined;
  const principals = identity.tokens.bearer(authorization);
  if (principals === undefined) throw tokenMissing();
  if (grants === undefined) return undefined;
  return { principals, roles: principals.flatMap((principal) => grants[principal] ?? []) };
}

function bearerOf(identity: Identity, { headers }: ApiRequest): Caller | CloudError | undefined {
  try {
    return callerOf(identity, headers.authorization);
  } catch (thrown) {
    if (thrown instanceof CloudError && thrown.code === 'UNAUTHENTICATED') return thrown;
    throw thrown;
  }
}

function challenge({ message, code, details }: CloudError): ReturnType<Route['handle']> {
  const reply = errorReply(401, { message, status: code, details });
  const error = message.includes('missing') ? '' : ', error="invalid_token"';
  return { ...reply, headers: { 'www-authenticate': `Bearer realm="https://accounts.google.com/"${error}` } };
}
