import type { Clock } from '@fairlead/action-kit';

import { camelCase } from '../http/proto-schema.ts';
import { readJson } from '../http/query.ts';
import type { ApiReply, ApiRequest, Route } from '../http/route.ts';
import { isRecord, type Message, okReply } from '../messages/index.ts';
import { federate } from './federate.ts';
import type { Identity } from './identity.ts';
import { OauthError } from './oauth-error.ts';

const LIFETIME_SECONDS = 3_600;

/** The Security Token Service: an issuer's token for an access token (Workload Identity Federation). Form-encoded or JSON, as clients send it. */
export function stsRoutes(identity: Identity, clock: Clock): readonly Route[] {
  return [
    {
      method: 'POST',
      pattern: /^\/v1\/token$/,
      handle: async (request) => {
        try {
          return await exchange(identity, request, clock.now());
        } catch (thrown) {
          if (thrown instanceof OauthError) return errorReply(thrown);
          throw thrown;
        }
      },
    },
  ];
}

async function exchange(identity: Identity, request: ApiRequest, nowMs: number): Promise<ApiReply> {
  const fields = fieldsOf(request);
  expectField(fields, 'grantType', ['urn:ietf:params:oauth:grant-type:token-exchange']);
  expectField(fields, 'requestedTokenType', ['urn:ietf:params:oauth:token-type:access_token']);
  expectField(fields, 'subjectTokenType', [
    'urn:ietf:params:oauth:token-type:jwt',
    'urn:ietf:params:oauth:token-type:id_token',
  ]);
  const provider = providerOf(identity, textField(fields, 'audience'));
  if (textField(fields, 'scope') === '') throw invalid('scope', 'At least one scope must be given.');
  const principals = await federate(provider, textField(fields, 'subjectToken'), nowMs / 1_000);
  const { token } = identity.tokens.issue(principals, LIFETIME_SECONDS);
  return okReply({
    access_token: token,
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: 'Bearer',
    expires_in: LIFETIME_SECONDS,
  });
}

function fieldsOf(request: ApiRequest): Message {
  const type = request.headers['content-type'] ?? '';
  const json = type.startsWith('application/x-www-form-urlencoded')
    ? Object.fromEntries(new URLSearchParams(request.body.toString('utf8')))
    : readJson(request);
  if (!isRecord(json)) throw new OauthError('invalid_request', 'The request must be a JSON object.');
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [camelCase(key), value]));
}

function textField(fields: Message, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

function expectField(fields: Message, name: string, allowed: readonly string[]): void {
  if (!allowed.includes(textField(fields, name))) throw invalid(name, `It must be ${allowed.join(' or ')}.`);
}

function providerOf(identity: Identity, audience: string) {
  if (
    !/^\/\/iam\.googleapis\.com\/projects\/[^/]+\/locations\/global\/workloadIdentityPools\/[^/]+\/providers\/[^/]+$/.test(
      audience,
    )
  )
    throw invalid(
      'audience',
      'This value should be the full resource name of the Identity Provider. See https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token for the list of possible formats.',
    );
  const provider = identity
    .settings()
    .providers.find(({ name }) => audience === `//iam.googleapis.com/${name}`);
  if (provider !== undefined) return provider;
  throw new OauthError(
    'invalid_target',
    `The target service indicated by the "audience" parameters is invalid. This might either be because the pool or provider is disabled or deleted or because it doesn't exist.`,
  );
}

function invalid(field: string, why: string): OauthError {
  const snake = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return new OauthError('invalid_request', `Invalid value for "${snake}". ${why}`);
}

function errorReply({ http, code, message }: OauthError): ApiReply {
  return { status: http, body: { error: code, error_description: message } };
}
