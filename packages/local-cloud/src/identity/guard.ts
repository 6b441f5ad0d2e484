import { CloudError } from '../control/cloud-error.ts';
import { errorReply, type Route } from '../http/route.ts';
import type { Identity } from './identity.ts';
import { tokenMissing } from './tokens.ts';

/** What needs no token ever: the exchange of tokens, Google's public keys, steering, and objects at their public address. */
const OPEN =
  /^\/v1\/token$|^\/oauth2\/|^\/-\/|^\/(?!(?:v\d+|apis|storage|upload|resumable|download)\/)[^/]+\/.+$/;

/** The routes behind a door that asks for a token where the settings say so. A token that is given is checked in any case. */
export function guarded(routes: readonly Route[], identity: Identity): readonly Route[] {
  return routes.map((route) => ({
    ...route,
    handle: (request, ...caught) => {
      if (OPEN.test(request.path)) return route.handle(request, ...caught);
      try {
        checkToken(identity, request.headers.authorization);
      } catch (thrown) {
        if (thrown instanceof CloudError && thrown.code === 'UNAUTHENTICATED') return challenge(thrown);
        throw thrown;
      }
      return route.handle(request, ...caught);
    },
  }));
}

/**
 * Throws UNAUTHENTICATED where tokens are required. Elsewhere whatever a client sends is let through: gcloud and the libraries send tokens that are not ours.
 */
export function checkToken(identity: Identity, authorization: string | undefined): void {
  if (!identity.settings().requireTokens) return;
  if (identity.tokens.bearer(authorization) === undefined) throw tokenMissing();
}

function challenge({ message, code, details }: CloudError): ReturnType<Route['handle']> {
  const reply = errorReply(401, { message, status: code, details });
  const error = message.includes('missing') ? '' : ', error="invalid_token"';
  return { ...reply, headers: { 'www-authenticate': `Bearer realm="https://accounts.google.com/"${error}` } };
}
