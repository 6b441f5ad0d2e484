import { expect, test } from '@jest/globals';

import { callApi } from '../test-api.ts';
import { testCloud } from '../test-client.ts';

const MANAGER = 'google.cloud.secretmanager.v1';

async function secretManager() {
  const t = await testCloud({ clock: { now: () => Date.parse('2026-01-01T00:00:00Z'), sleep: never } });
  const call = (method: string, path: string, { answers, body }: { answers: string; body?: unknown }) =>
    callApi(t.cloud, {
      method,
      path: `/v1/projects/p/secrets${path}`,
      answers: `${MANAGER}.${answers}`,
      ...(body === undefined ? {} : { body }),
    });
  const make = (settings: object = {}) =>
    call('POST', '?secretId=db', {
      answers: 'Secret',
      body: { replication: { automatic: {} }, ...settings },
    });
  const add = (value: string) =>
    call('POST', '/db:addVersion', {
      answers: 'SecretVersion',
      body: { payload: { data: Buffer.from(value).toString('base64') } },
    });
  return { ...t, call, make, add, [Symbol.asyncDispose]: t.cloud.close };
}

const never = () => new Promise<never>(() => undefined);

// Terraform's provider writes both, one of them as null.
test('a secret is kept where its user says, and so are its versions', async () => {
  await using t = await secretManager();
  const userManaged = { replicas: [{ location: 'us-central1' }, { location: 'us-east1' }] };

  const made = await t.make({ replication: { automatic: null, userManaged } });
  const version = await t.add('one');

  expect(made.body).toMatchObject({ replication: { userManaged } });
  expect(version.body).toMatchObject({ replicationStatus: { userManaged } });
});

test.each([
  ['neither', {}],
  ['both', { automatic: {}, userManaged: { replicas: [] } }],
])('a secret that says %s of the two is refused', async (_, replication) => {
  await using t = await secretManager();

  const refused = await t.make({ replication });

  expect(refused).toMatchObject({
    status: 400,
    body: { error: { message: 'The replication must be either automatic or user_managed.' } },
  });
});

test('a version is read by its alias once the secret has it', async () => {
  await using t = await secretManager();
  await t.make();
  await t.add('one');
  await t.add('two');
  const access = () =>
    t.call('GET', '/db/versions/current:access', { answers: 'AccessSecretVersionResponse' });
  const before = await access();

  const patched = await t.call('PATCH', '/db?updateMask=versionAliases', {
    answers: 'Secret',
    body: { versionAliases: { current: 1 } },
  });

  expect(before.status).toBe(400);
  expect(patched.body).toMatchObject({ versionAliases: { current: '1' } });
  expect((await access()).body).toMatchObject({
    name: 'projects/p/secrets/db/versions/1',
    payload: { data: Buffer.from('one').toString('base64') },
  });
});

test('a time to live is answered as the time of the end', async () => {
  await using t = await secretManager();

  const made = await t.make({ ttl: '3600s' });
  const cleared = await t.call('PATCH', '/db?updateMask=expire_time', { answers: 'Secret', body: {} });

  expect(made.body).toMatchObject({ expireTime: expect.stringMatching(/^2026-01-01T01:00:00/) });
  expect(made.body).not.toHaveProperty('ttl');
  expect(cleared.body).not.toHaveProperty('expireTime');
});

test.each([
  ['replication', { replication: { automatic: {} } }],
  ['name', { name: 'projects/p/secrets/other' }],
])('%s cannot be changed', async (path, body) => {
  await using t = await secretManager();
  await t.make();

  const refused = await t.call('PATCH', `/db?updateMask=${path}`, { answers: 'Secret', body });

  expect(refused.status).toBe(400);
});
