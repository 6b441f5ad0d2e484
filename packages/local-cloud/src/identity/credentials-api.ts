import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';

import type { Clock } from '@fairlead/action-kit';

import { CloudError } from '../control/cloud-error.ts';
import { durationSeconds, timestamp } from '../control/time.ts';
import { type ApiReply, type ApiRequest, resourceRoute, type Route } from '../http/route.ts';
import {
  badField,
  bodyMessage,
  flagOf,
  type Message,
  needs,
  okReply,
  textOf,
  textsOf,
} from '../messages/index.ts';
import type { Identity } from './identity.ts';
import { signedToken } from './json-web-token.ts';

const ACCOUNT = '/v1/projects/*/serviceAccounts/*';
const LIFETIME_SECONDS = 3_600;

/** IAM Service Account Credentials, v1: access and ID tokens of service accounts for those who may act as them. */
export function credentialRoutes(identity: Identity, clock: Clock): readonly Route[] {
  const signer = googleSigner();
  return [
    needs(
      'iam.serviceAccounts.getAccessToken',
      resourceRoute('POST', `${ACCOUNT}:generateAccessToken`, (request, name) => {
        const body = bodyMessage(request, ['scope', 'lifetime', 'delegates']);
        if (textsOf(body, 'scope').length === 0) throw badField('scope', 'scope is required');
        const lifetime = lifetimeOf(body);
        const email = impersonated(identity, request, {
          name,
          permission: 'iam.serviceAccounts.getAccessToken',
        });
        const { token, expiresMs } = identity.tokens.issue([`serviceAccount:${email}`], lifetime);
        const expireTime = `${timestamp(Math.floor(expiresMs / 1_000) * 1_000_000).slice(0, 19)}Z`;
        return okReply({ accessToken: token, expireTime });
      }),
    ),
    needs(
      'iam.serviceAccounts.getOpenIdToken',
      resourceRoute('POST', `${ACCOUNT}:generateIdToken`, (request, name) => {
        const body = bodyMessage(request, ['audience', 'includeEmail', 'delegates']);
        const audience = textOf(body, 'audience');
        if (audience === undefined) throw badField('audience', 'audience is required');
        const email = impersonated(identity, request, {
          name,
          permission: 'iam.serviceAccounts.getOpenIdToken',
        });
        const claims = idClaims(email, {
          audience,
          includesEmail: flagOf(body, 'includeEmail'),
          nowMs: clock.now(),
        });
        return okReply({ token: signedToken(claims, signer()) });
      }),
    ),
    {
      method: 'GET',
      pattern: /^\/oauth2\/v3\/certs$/,
      handle: (): ApiReply => okReply({ keys: [signer().jwk] }),
    },
  ];
}

/**
 * The e-mail of the service account, if the caller may act as it. Calls without a token come from whoever runs the local cloud, and may;
 * where tokens are required they do not get here.
 */
function impersonated(
  identity: Identity,
  request: ApiRequest,
  { name, permission }: { readonly name: string; readonly permission: string },
): string {
  const email = name.split('/').at(-1) ?? '';
  const principals = identity.tokens.bearer(request.headers.authorization);
  const { serviceAccounts } = identity.settings();
  const members = Object.hasOwn(serviceAccounts, email) ? serviceAccounts[email] : undefined;
  if (members === undefined)
    throw new CloudError('NOT_FOUND', 'Not found; Gaia id not found for email ' + email);
  if (principals === undefined || principals.some((principal) => members.includes(principal))) return email;
  throw new CloudError(
    'PERMISSION_DENIED',
    `Permission '${permission}' denied on resource (or it may not exist).`,
    [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'IAM_PERMISSION_DENIED',
        domain: 'iam.googleapis.com',
        metadata: { permission },
      },
    ],
  );
}

function lifetimeOf(body: Message): number {
  const text = textOf(body, 'lifetime') ?? `${LIFETIME_SECONDS}s`;
  const seconds = /^\d+(?:\.\d{1,9})?s$/.test(text) ? durationSeconds(text) : Number.NaN;
  if (seconds > 0 && seconds <= LIFETIME_SECONDS) return seconds;
  throw badField(
    'lifetime',
    `The token lifetime must be more than 0s and at most ${LIFETIME_SECONDS}s, got "${text}"`,
  );
}

function idClaims(
  email: string,
  {
    audience,
    includesEmail,
    nowMs,
  }: { readonly audience: string; readonly includesEmail: boolean; readonly nowMs: number },
): object {
  const issuedAt = Math.floor(nowMs / 1_000);
  const id = BigInt(`0x${createHash('sha256').update(email).digest('hex').slice(0, 17)}`)
    .toString()
    .slice(0, 21);
  return {
    aud: audience,
    azp: id,
    ...(includesEmail ? { email, email_verified: true } : {}),
    exp: issuedAt + LIFETIME_SECONDS,
    iat: issuedAt,
    iss: 'https://accounts.google.com',
    sub: id,
  };
}

interface Signer {
  readonly kid: string;
  readonly key: KeyObject;
  readonly jwk: object;
}

/** The keys take a moment to make: not before somebody needs them. */
function googleSigner(): () => Signer {
  let made: Signer | undefined;
  return () => {
    made ??= newSigner();
    return made;
  };
}

function newSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify(jwk)).digest('hex').slice(0, 40);
  return { kid, key: privateKey, jwk: { ...jwk, kid, alg: 'RS256', use: 'sig' } };
}
