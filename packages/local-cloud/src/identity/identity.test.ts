import { createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';

import { systemClock } from '@fairlead/action-kit';
import { startLocalGithub } from '@fairlead/local-github';
import { describe, expect, test } from '@jest/globals';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { IdentityPoolClient, OAuth2Client } from 'google-auth-library';

import { callApi } from '../test-api.ts';
import { testCloud } from '../test-client.ts';
import { signedToken } from './json-web-token.ts';

const POOL = 'projects/1/locations/global/workloadIdentityPools/github';
const PROVIDER = `${POOL}/providers/actions`;
const AUDIENCE = `https://iam.googleapis.com/${PROVIDER}`;
const ACCOUNT = 'deployer@p.iam.gserviceaccount.com';
const DEPLOYS = `principalSet://iam.googleapis.com/${POOL}/attribute.repository/o/r`;
const SERVICES = '/v2/projects/p/locations/r/services';

const SUBJECT = {
  repository: 'o/r',
  repositoryId: '2',
  ownerId: '1',
  ref: 'refs/heads/main',
  sha: 'a'.repeat(40),
  workflowRef: 'o/r/.github/workflows/deliver.yml@refs/heads/main',
  jobWorkflowRef: 'o/r/.github/workflows/deliver.yml@refs/heads/main',
  event: 'push',
};

/** A local GitHub and a cloud that trusts its tokens for `o/r` on main; tokens are required. */
async function federation(
  changes: { readonly condition?: string; readonly members?: readonly string[] } = {},
) {
  const github = await startLocalGithub();
  const t = await testCloud({
    identity: {
      requireTokens: true,
      providers: [
        {
          name: PROVIDER,
          issuer: 'https://token.actions.githubusercontent.com',
          jwksUri: `${github.url}/.well-known/jwks`,
          attributeMapping: {
            'google.subject': 'assertion.sub',
            'attribute.repository': 'assertion.repository',
          },
          attributeCondition:
            changes.condition ?? `assertion.repository_owner_id == "1" && assertion.ref == "refs/heads/main"`,
        },
      ],
      serviceAccounts: { [ACCOUNT]: changes.members ?? [DEPLOYS] },
    },
  });
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } =
    github.jobEnvironment(SUBJECT, { requestIdToken: true });
  return {
    ...t,
    /** What google-github-actions/auth writes into the credentials file of the job. */
    credentials: (impersonates: boolean) => ({
      type: 'external_account' as const,
      audience: `//iam.googleapis.com/${PROVIDER}`,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${t.cloud.url}/v1/token`,
      credential_source: {
        url: `${url}&audience=${encodeURIComponent(AUDIENCE)}`,
        headers: { Authorization: `Bearer ${token}` },
        format: { type: 'json' as const, subject_token_field_name: 'value' },
      },
      ...(impersonates
        ? {
            service_account_impersonation_url: `${t.cloud.url}/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`,
          }
        : {}),
    }),
    [Symbol.asyncDispose]: async () => {
      await t.cloud.close();
      await github.close();
    },
  };
}

function services(cloud: { readonly url: string }, token?: string): Promise<Response> {
  return fetch(
    `${cloud.url}${SERVICES}`,
    token !== undefined ? { headers: { authorization: `Bearer ${token}` } } : {},
  );
}

describe("Google's own client", () => {
  test.each([
    ['as the principal of the pool', false],
    ['as a service account that it may impersonate', true],
  ])(
    'gets from the token of a job to an access token that the Run API takes, %s',
    async (_, impersonates) => {
      await using t = await federation();
      const client = new IdentityPoolClient(t.credentials(impersonates));

      const { token } = await client.getAccessToken();

      expect((await services(t.cloud, token ?? '')).status).toBe(200);
      expect((await services(t.cloud)).status).toBe(401);
    },
  );

  test('is refused by the attribute condition for another branch', async () => {
    await using t = await federation({ condition: 'assertion.ref == "refs/heads/release"' });
    const client = new IdentityPoolClient(t.credentials(false));

    await expect(client.getAccessToken()).rejects.toThrow(
      'Error code unauthorized_client: The given credential is rejected by the attribute condition.',
    );
  });

  test('may not be a service account that is not bound to it', async () => {
    await using t = await federation({ members: [DEPLOYS.replace('o/r', 'o/other')] });
    const client = new IdentityPoolClient(t.credentials(true));

    await expect(client.getAccessToken()).rejects.toThrow(
      "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
    );
  });

  test('verifies an ID token for an audience with the published keys', async () => {
    await using t = await federation();
    const { token } = await new IdentityPoolClient(t.credentials(false)).getAccessToken();

    const given = await callApi(t.cloud, {
      method: 'POST',
      path: `/v1/projects/-/serviceAccounts/${ACCOUNT}:generateIdToken`,
      headers: { authorization: `Bearer ${token ?? ''}` },
      body: { audience: 'https://web.example', includeEmail: true },
      answers: 'google.iam.credentials.v1.GenerateIdTokenResponse',
    });
    const certificates = (await (await fetch(`${t.cloud.url}/oauth2/v3/certs`)).json()) as {
      keys: (JsonWebKey & { kid: string })[];
    };
    const ticket = await new OAuth2Client().verifySignedJwtWithCertsAsync(
      String(given.body['token']),
      Object.fromEntries(certificates.keys.map((key) => [key.kid, pemOf(key)])),
      'https://web.example',
      ['https://accounts.google.com'],
    );

    expect(ticket.getPayload()).toMatchObject({
      email: ACCOUNT,
      email_verified: true,
      aud: 'https://web.example',
    });
  });
});

function pemOf(key: JsonWebKey): string {
  return createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
}

const ISSUER_KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 });
const OTHER_KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 });
const NOW = Date.parse('2026-11-21T08:00:00Z') / 1_000;
const CLAIMS = {
  iss: 'https://issuer.example',
  aud: AUDIENCE,
  sub: 'me',
  iat: NOW,
  exp: NOW + 300,
  team: 'a',
};

/** A cloud at 08:00 that trusts an issuer whose keys it holds. */
function exchangeCloud() {
  let timeMs = NOW * 1_000;
  const t = testCloud({
    clock: { now: () => timeMs, sleep: systemClock.sleep },
    identity: {
      providers: [
        {
          name: PROVIDER,
          issuer: 'https://issuer.example',
          jwks: { keys: [{ ...ISSUER_KEYS.publicKey.export({ format: 'jwk' }), kid: 'k' }] },
          attributeMapping: { 'google.subject': 'assertion.sub', 'attribute.team': 'assertion.team' },
          attributeCondition: 'attribute.team in ["a", "b"]',
        },
      ],
      serviceAccounts: { [ACCOUNT]: [`principal://iam.googleapis.com/${POOL}/subject/me`] },
    },
  });
  return t.then((open) => ({
    ...open,
    turnTo: (seconds: number) => {
      timeMs = seconds * 1_000;
    },
  }));
}

function tokenOf(changes: object = {}, key = ISSUER_KEYS.privateKey): string {
  return signedToken({ ...CLAIMS, ...changes }, { kid: 'k', key });
}

const EXCHANGE = {
  grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
  audience: `//iam.googleapis.com/${PROVIDER}`,
  scope: 'https://www.googleapis.com/auth/cloud-platform',
  requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
  subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt',
};

async function exchange(cloud: { readonly url: string }, changes: object) {
  const response = await fetch(`${cloud.url}/v1/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...EXCHANGE, subjectToken: tokenOf(), ...changes }),
  });
  return [response.status, await response.json()] as const;
}

describe('the exchange', () => {
  test('takes JSON in camelCase, as google-github-actions/auth sends it', async () => {
    await using t = await exchangeCloud();

    expect(await exchange(t.cloud, {})).toEqual([
      200,
      {
        access_token: expect.stringMatching(/^ya29\./),
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        token_type: 'Bearer',
        expires_in: 3600,
      },
    ]);
  });

  const [unsigned] = [`${tokenOf().split('.').slice(0, 2).join('.')}.AAAA`];
  const without = { alg: 'none' };
  const none = `${Buffer.from(JSON.stringify(without)).toString('base64url')}.${tokenOf().split('.')[1] ?? ''}.AAAA`;

  test.each([
    [
      'another issuer',
      { subjectToken: tokenOf({ iss: 'https://evil.example' }) },
      400,
      'invalid_grant',
      'does not match the expected ones',
    ],
    [
      'another audience',
      { subjectToken: tokenOf({ aud: 'x' }) },
      400,
      'invalid_grant',
      'The audience in ID Token [x] does not match the expected audience.',
    ],
    [
      'a token that is over',
      { subjectToken: tokenOf({ exp: NOW }) },
      400,
      'invalid_grant',
      'is stale to sign-in.',
    ],
    [
      'a token of tomorrow',
      { subjectToken: tokenOf({ iat: NOW + 86_400 }) },
      400,
      'invalid_grant',
      'is not yet valid.',
    ],
    [
      'a token without times',
      { subjectToken: tokenOf({ exp: 'soon' }) },
      400,
      'invalid_grant',
      'must have the claims iat and exp',
    ],
    [
      'a foreign signature',
      { subjectToken: tokenOf({}, OTHER_KEYS.privateKey) },
      400,
      'invalid_grant',
      'Unable to verify the signature',
    ],
    [
      'a broken signature',
      { subjectToken: unsigned },
      400,
      'invalid_grant',
      'Unable to verify the signature',
    ],
    [
      'no signature (alg none)',
      { subjectToken: none },
      400,
      'invalid_grant',
      'Unable to verify the signature',
    ],
    ['no token', { subjectToken: 'x' }, 400, 'invalid_grant', 'Unable to parse the ID Token.'],
    [
      'an attribute outside of the condition',
      { subjectToken: tokenOf({ team: 'c' }) },
      403,
      'unauthorized_client',
      'The given credential is rejected by the attribute condition.',
    ],
    [
      'a claim that is missing',
      { subjectToken: tokenOf({ team: undefined }) },
      400,
      'invalid_request',
      'Unable to evaluate the mapping of attribute attribute.team',
    ],
    [
      'a subject that is too long',
      { subjectToken: tokenOf({ sub: 'x'.repeat(128) }) },
      400,
      'invalid_request',
      'exceeds the 127 bytes limit',
    ],
    [
      'an audience that is no provider',
      { audience: PROVIDER },
      400,
      'invalid_request',
      'Invalid value for "audience". This value should be the full resource name',
    ],
    [
      'a provider that is unknown',
      { audience: `//iam.googleapis.com/${PROVIDER}x` },
      400,
      'invalid_target',
      'The target service indicated by the "audience" parameters is invalid.',
    ],
    ['another grant', { grantType: 'password' }, 400, 'invalid_request', 'Invalid value for "grant_type".'],
    ['no scope', { scope: '' }, 400, 'invalid_request', 'Invalid value for "scope".'],
    [
      'another kind of token',
      { subjectTokenType: 'urn:ietf:params:aws:token-type:aws4_request' },
      400,
      'invalid_request',
      'Invalid value for "subject_token_type".',
    ],
  ])('refuses %s', async (_, changes, status, error, description) => {
    await using t = await exchangeCloud();

    expect(await exchange(t.cloud, changes)).toEqual([
      status,
      { error, error_description: expect.stringContaining(description) },
    ]);
  });

  test('asks nobody outside of this machine for keys', async () => {
    await using t = await exchangeCloud();
    const provider = {
      name: PROVIDER,
      issuer: CLAIMS.iss,
      attributeMapping: { 'google.subject': 'assertion.sub' },
    };

    await callApi(t.cloud, {
      method: 'PUT',
      path: '/-/identity',
      body: { providers: [provider] },
      answers: 'google.protobuf.Struct',
    });

    expect(await exchange(t.cloud, {})).toEqual([
      400,
      { error: 'invalid_grant', error_description: "Error connecting to the given credential's issuer." },
    ]);
  });
});

describe('impersonation', () => {
  const generate = async (
    t: Awaited<ReturnType<typeof exchangeCloud>>,
    body: object,
    authorization?: string,
  ) =>
    callApi(t.cloud, {
      method: 'POST',
      path: `/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`,
      headers: authorization === undefined ? {} : { authorization },
      body,
      answers: 'google.iam.credentials.v1.GenerateAccessTokenResponse',
    });
  const scope = ['https://www.googleapis.com/auth/cloud-platform'];

  test('gives a token for as long as is asked for, and not for longer than an hour', async () => {
    await using t = await exchangeCloud();

    const given = await generate(t, { scope, lifetime: '600s' });
    const tooLong = await generate(t, { scope, lifetime: '3601s' });
    const noScope = await generate(t, {});

    expect(given.body).toMatchObject({ expireTime: '2026-11-21T08:10:00Z' });
    expect([tooLong.status, noScope.status]).toEqual([400, 400]);
  });

  test('with a token that is over, or none of ours, is 401', async () => {
    await using t = await exchangeCloud();
    const [, given] = await exchange(t.cloud, {});
    const { access_token: token } = given as { access_token: string };

    const before = await generate(t, { scope }, `Bearer ${token}`);
    t.turnTo(NOW + 3_600);
    const after = await generate(t, { scope }, `Bearer ${token}`);
    const foreign = await generate(t, { scope }, 'Bearer ya29.foreign');

    expect([before.status, after.status, foreign.status]).toEqual([200, 401, 401]);
    expect(after.body.error).toMatchObject({
      status: 'UNAUTHENTICATED',
      details: [{ reason: 'ACCESS_TOKEN_EXPIRED' }],
    });
  });

  test('of an account that is not there is 404', async () => {
    await using t = await exchangeCloud();

    const refused = await callApi(t.cloud, {
      method: 'POST',
      path: '/v1/projects/-/serviceAccounts/toString:generateAccessToken',
      body: { scope },
    });

    expect([refused.status, refused.body.error?.message]).toEqual([
      404,
      'Not found; Gaia id not found for email toString',
    ]);
  });
});

describe('calls', () => {
  test('need no token, and mind no foreign one, unless it is asked for', async () => {
    await using t = await exchangeCloud();

    expect((await services(t.cloud)).status).toBe(200);
    expect((await services(t.cloud, 'ya29.foreign')).status).toBe(200);
  });

  test('without a token, or with a foreign one, are told so where tokens are required, in the words of the real API', async () => {
    await using t = await federation();

    const missing = await services(t.cloud);
    const foreign = await services(t.cloud, 'ya29.foreign');

    expect(missing.headers.get('www-authenticate')).toBe('Bearer realm="https://accounts.google.com/"');
    expect(foreign.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(await missing.json()).toEqual({
      error: {
        code: 401,
        message:
          'Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
        status: 'UNAUTHENTICATED',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'CREDENTIALS_MISSING',
            domain: 'googleapis.com',
            metadata: { service: 'run.googleapis.com' },
          },
        ],
      },
    });
  });

  test('to objects at their public address and to the steering need none ever', async () => {
    await using t = await federation();

    const statuses = await Promise.all(
      [
        '/bucket/object',
        '/-/calls',
        '/storage/v1/b',
        '/v1/projects/p/secrets',
        '/v3/projects/p/metricDescriptors',
      ].map(async (path) => (await fetch(`${t.cloud.url}${path}`)).status),
    );

    expect(statuses).toEqual([404, 200, 401, 401, 401]);
  });
});

test('over gRPC too a call needs a token where tokens are required', async () => {
  await using t = await federation();
  const { token } = await new IdentityPoolClient(t.credentials(false)).getAccessToken();

  const outcomes = await Promise.all([
    listOverGrpc(t.cloud),
    listOverGrpc(t.cloud, 'Bearer ya29.foreign'),
    listOverGrpc(t.cloud, `Bearer ${token ?? ''}`),
  ]);

  expect(outcomes).toEqual([status.UNAUTHENTICATED, status.UNAUTHENTICATED, status.OK]);
});

/** The status of `ListServices`. */
async function listOverGrpc({ grpc }: { readonly grpc: string }, authorization?: string): Promise<number> {
  const client = new Client(grpc, credentials.createInsecure());
  const metadata = new Metadata();
  if (authorization !== undefined) metadata.set('authorization', authorization);
  const parent = Buffer.from('projects/p/locations/r');
  const request = Buffer.concat([Buffer.from([0x0a, parent.length]), parent]);
  const asItIs = (bytes: Buffer) => bytes;
  const path = '/google.cloud.run.v2.Services/ListServices';
  try {
    return await new Promise((resolve) => {
      client.makeUnaryRequest(path, asItIs, asItIs, request, metadata, (error) => {
        resolve(error?.code ?? status.OK);
      });
    });
  } finally {
    client.close();
  }
}

describe('the steering', () => {
  test.each([
    [{ providers: {} }, 'providers must be a list'],
    [{ providers: [{ name: 'x' }] }, 'name must be'],
    [{ providers: [{ name: PROVIDER, issuer: 'x' }] }, 'issuer must be a URL'],
    [
      { providers: [{ name: PROVIDER, issuer: 'http://x' }] },
      'attributeMapping must say what google.subject is',
    ],
    [
      {
        providers: [
          {
            name: PROVIDER,
            issuer: 'http://x',
            attributeMapping: {
              'google.subject': 'assertion.sub',
              'attribute.repository-owner': 'assertion.sub',
            },
          },
        ],
      },
      'got "attribute.repository-owner"',
    ],
    [
      {
        providers: [
          {
            name: PROVIDER,
            issuer: 'http://x',
            attributeMapping: { 'google.subject': 'assertion.sub', foo: 'assertion.sub' },
          },
        ],
      },
      'got "foo"',
    ],
    [
      {
        providers: [
          {
            name: PROVIDER,
            issuer: 'http://x',
            attributeMapping: {
              'google.subject': 'assertion.sub',
              ...Object.fromEntries(
                Array.from({ length: 51 }, (_, at) => [`attribute.a${at}`, 'assertion.sub']),
              ),
            },
          },
        ],
      },
      'may have 50 attributes of its own, got 51',
    ],
    [
      {
        providers: [
          {
            name: PROVIDER,
            issuer: 'http://x',
            attributeMapping: {
              'google.subject': 'assertion.sub',
              'attribute.long': `"${'a'.repeat(2047)}"`,
            },
          },
        ],
      },
      'attributeMapping[attribute.long] may have 2048 characters, got 2049',
    ],
    [
      { providers: [{ name: PROVIDER, issuer: 'http://x', attributeMapping: { 'google.subject': '(' } }] },
      'attributeMapping[google.subject]: Unexpected token: EOF at position 2',
    ],
    [
      {
        providers: [
          { name: PROVIDER, issuer: 'http://x', attributeMapping: { 'google.subject': 'google.subject' } },
        ],
      },
      'attributeMapping[google.subject]: undeclared reference to "google"',
    ],
    [
      {
        providers: [
          {
            name: PROVIDER,
            issuer: 'http://x',
            attributeMapping: { 'google.subject': 'assertion.sub' },
            attributeCondition: 'claims.sub == "x"',
          },
        ],
      },
      'attributeCondition: undeclared reference to "claims"',
    ],
    [{ serviceAccounts: { a: 'b' } }, "Invalid value at 'a[0]'"],
    [{ requireTokens: 'yes' }, "Invalid value at 'require_tokens' (TYPE_BOOL)"],
    [{ colour: 'red' }, 'Unknown name "colour"'],
  ])('refuses %j and changes nothing', async (body, message) => {
    await using t = await exchangeCloud();
    const before: unknown = await (await fetch(`${t.cloud.url}/-/identity`)).json();

    const refused = await callApi(t.cloud, { method: 'PUT', path: '/-/identity', body });

    expect([refused.status, refused.body.error?.message]).toEqual([400, expect.stringContaining(message)]);
    expect(await (await fetch(`${t.cloud.url}/-/identity`)).json()).toEqual(before);
  });
});
