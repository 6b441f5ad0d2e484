import { generateKeyPairSync } from 'node:crypto';

import { systemClock } from '@fairlead/action-kit';
import { expect, test } from '@jest/globals';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';

import { serviceBody, testCloud, type TestCloud } from '../test-client.ts';
import { signedToken } from './json-web-token.ts';

const POOL = 'projects/1/locations/global/workloadIdentityPools/github';
const PROVIDER = `${POOL}/providers/actions`;
const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PLACE = '/v2/projects/p/locations/r';
const WEB = `${PLACE}/services/web`;

/** A cloud in which callers have these roles by the subject of their token. */
function grantingCloud(grants: Readonly<Record<string, readonly string[]>>): Promise<TestCloud> {
  return testCloud({
    identity: {
      requireTokens: true,
      providers: [
        {
          name: PROVIDER,
          issuer: 'https://issuer.example',
          jwks: { keys: [{ ...KEYS.publicKey.export({ format: 'jwk' }), kid: 'k' }] },
          attributeMapping: { 'google.subject': 'assertion.sub' },
        },
      ],
      grants: Object.fromEntries(Object.entries(grants).map(([who, roles]) => [principal(who), roles])),
    },
  });
}

function principal(subject: string): string {
  return `principal://iam.googleapis.com/${POOL}/subject/${subject}`;
}

async function tokenFor(t: TestCloud, sub: string): Promise<string> {
  const nowSeconds = Math.floor(systemClock.now() / 1_000);
  const claims = {
    iss: 'https://issuer.example',
    aud: `https://iam.googleapis.com/${PROVIDER}`,
    sub,
    iat: nowSeconds,
    exp: nowSeconds + 600,
  };
  const response = await fetch(`${t.cloud.url}/v1/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
      audience: `//iam.googleapis.com/${PROVIDER}`,
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
      subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt',
      subjectToken: signedToken(claims, { kid: 'k', key: KEYS.privateKey }),
    }),
  });
  const { access_token: token } = (await response.json()) as { readonly access_token: string };
  return token;
}

async function as(t: TestCloud, sub: string) {
  const authorization = `Bearer ${await tokenFor(t, sub)}`;
  return async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${t.cloud.url}${path}`, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    return { status: response.status, body: answer };
  };
}

const PERMISSIONS = ['run.services.get', 'run.services.update', 'run.services.setIamPolicy'];

test.each<[string, readonly string[], readonly string[]]>([
  ['an admin', ['roles/run.admin'], PERMISSIONS],
  ['a developer', ['roles/run.developer'], ['run.services.get', 'run.services.update']],
  ['a viewer', ['roles/run.viewer'], ['run.services.get']],
  ['who has a role of single permissions', ['run.services.update'], ['run.services.update']],
])('%s is told what it may do, over both versions', async (_, roles, held) => {
  await using t = await grantingCloud({ owner: ['roles/owner'], one: roles });
  await (
    await as(t, 'owner')
  )('POST', `${PLACE}/services?serviceId=web`, serviceBody());
  const call = await as(t, 'one');
  const v1 = '/v1/projects/p/locations/r/services';

  const there = await call('POST', `${WEB}:testIamPermissions`, { permissions: PERMISSIONS });
  const overV1 = await call('POST', `${v1}/web:testIamPermissions`, { permissions: PERMISSIONS });
  const notYet = await call('POST', `${v1}/new:testIamPermissions`, { permissions: PERMISSIONS });

  expect(there).toEqual({ status: 200, body: { permissions: held } });
  expect(overV1.body).toEqual(there.body);
  expect(notYet.body).toEqual(there.body);
});

test('what a caller may not do is refused by the permission that is missing, and not done', async () => {
  await using t = await grantingCloud({ owner: ['roles/owner'], viewer: ['roles/run.viewer'] });
  const owner = await as(t, 'owner');
  const viewer = await as(t, 'viewer');
  const denied = (permission: string, resource: string) => ({
    status: 403,
    body: {
      error: {
        code: 403,
        status: 'PERMISSION_DENIED',
        message: `Permission '${permission}' denied on resource '${resource}' (or resource may not exist).`,
      },
    },
  });

  expect(await viewer('POST', `${PLACE}/services?serviceId=web`, serviceBody())).toMatchObject(
    denied('run.services.create', 'projects/p/locations/r'),
  );
  expect(await viewer('GET', WEB)).toMatchObject({ status: 404 });
  await owner('POST', `${PLACE}/services?serviceId=web`, serviceBody());
  expect(await viewer('GET', WEB)).toMatchObject({ status: 200 });
  expect(await viewer('PATCH', WEB, serviceBody({ description: 'mine' }))).toMatchObject(
    denied('run.services.update', 'projects/p/locations/r/services/web'),
  );
  expect(await viewer('DELETE', '/apis/serving.knative.dev/v1/namespaces/p/services/web')).toMatchObject(
    denied('run.services.delete', 'namespaces/p/services/web'),
  );
  expect((await owner('GET', WEB)).body).not.toHaveProperty('description');
});

test('a policy of the service itself lets its members in, but not under a condition', async () => {
  await using t = await grantingCloud({ owner: ['roles/owner'] });
  const owner = await as(t, 'owner');
  const guest = await as(t, 'guest');
  const condition = { title: 'never', expression: 'false' };
  await owner('POST', `${PLACE}/services?serviceId=web`, serviceBody());

  const before = await guest('GET', WEB);
  await owner('POST', `${WEB}:setIamPolicy`, {
    policy: {
      version: 3,
      bindings: [
        { role: 'roles/run.viewer', members: [principal('guest')] },
        { role: 'roles/run.admin', members: [principal('guest')], condition },
      ],
    },
  });

  expect(before.status).toBe(403);
  expect((await guest('GET', WEB)).status).toBe(200);
  expect((await guest('GET', `${WEB}/revisions`)).status).toBe(200);
  expect((await guest('DELETE', WEB)).status).toBe(403);
  expect((await guest('GET', `${PLACE}/services`)).status).toBe(403);
});

test('over gRPC, too', async () => {
  await using t = await grantingCloud({ lister: ['run.services.list'] });

  const outcomes = await Promise.all([
    listOverGrpc(t, `Bearer ${await tokenFor(t, 'lister')}`),
    listOverGrpc(t, `Bearer ${await tokenFor(t, 'nobody')}`),
  ]);

  expect(outcomes).toEqual([status.OK, status.PERMISSION_DENIED]);
});

test('grants are steered, and without them whoever has a token may do everything', async () => {
  await using t = await grantingCloud({});
  const call = await as(t, 'nobody');
  const before = await call('GET', `${PLACE}/services`);

  const put = await fetch(`${t.cloud.url}/-/identity`, {
    method: 'PUT',
    body: JSON.stringify({ grants: { [principal('nobody')]: ['roles/viewer'] } }),
  });
  const wrong = await fetch(`${t.cloud.url}/-/identity`, {
    method: 'PUT',
    body: JSON.stringify({ grants: [] }),
  });

  expect([before.status, put.status, wrong.status]).toEqual([403, 200, 400]);
  expect((await call('GET', `${PLACE}/services`)).status).toBe(200);
});

/** The status of `ListServices`. */
async function listOverGrpc({ cloud }: TestCloud, authorization: string): Promise<number> {
  const client = new Client(cloud.grpc, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('authorization', authorization);
  const parent = Buffer.from('projects/p/locations/r');
  const request = Buffer.concat([Buffer.from([0x0a, parent.length]), parent]);
  const asItIs = (bytes: Buffer) => bytes;
  try {
    return await new Promise((resolve) => {
      const path = '/google.cloud.run.v2.Services/ListServices';
      client.makeUnaryRequest(path, asItIs, asItIs, request, metadata, (error) => {
        resolve(error?.code ?? status.OK);
      });
    });
  } finally {
    client.close();
  }
}
