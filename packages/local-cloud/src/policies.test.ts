import { expect, test } from '@jest/globals';

import { isPublic, setPolicy } from './control/access/policies.ts';
import { createService } from './control/services/services.ts';
import { testWorld } from './control/test-world.ts';
import { serviceBody, testCloud, type TestCloud } from './test-client.ts';

const PUBLIC = { bindings: [{ role: 'roles/run.invoker', members: ['allUsers'] }] };
const WEB = 'projects/p/locations/r/services/web';

async function withService(): Promise<TestCloud> {
  const t = await testCloud();
  await t.write('POST', 'services?serviceId=web', serviceBody());
  return t;
}

test('a service whose policy was never set says so', async () => {
  await using t = await withService();

  const policy = await t.call('GET', 'services/web:getIamPolicy?options.requestedPolicyVersion=3');

  expect(policy).toMatchObject({ status: 200, body: { etag: 'ACAB' } });
});

test('a policy is kept, merged by role, under an etag that is a clock', async () => {
  await using t = await withService();

  const set = await t.call('POST', 'services/web:setIamPolicy', {
    policy: {
      bindings: [
        ...PUBLIC.bindings,
        { role: 'roles/run.invoker', members: ['user:a@example.com', 'allUsers'] },
        { role: 'roles/run.viewer', members: [] },
      ],
    },
  });
  const got = await t.call('GET', 'services/web:getIamPolicy');

  expect(set.body).toEqual({
    version: 1,
    bindings: [{ role: 'roles/run.invoker', members: ['allUsers', 'user:a@example.com'] }],
    etag: expect.stringMatching(/^Bw[\w+/]{9}=$/),
  });
  expect(got.body).toEqual(set.body);
});

test('(23) two writers of a policy conflict', async () => {
  await using t = await withService();
  const { body: read } = await t.call('GET', 'services/web:getIamPolicy');
  const first = await t.call('POST', 'services/web:setIamPolicy', {
    policy: { ...PUBLIC, etag: read.etag },
  });

  const second = await t.call('POST', 'services/web:setIamPolicy', { policy: { etag: read.etag } });

  expect(second).toEqual({
    status: 409,
    body: {
      error: {
        code: 409,
        status: 'ABORTED',
        message:
          'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
      },
    },
  });
  expect((await t.call('GET', 'services/web:getIamPolicy')).body).toEqual(first.body);
});

test.each<[string, object, RegExp]>([
  [
    'a member without a type',
    { role: 'roles/run.invoker', members: ['me'] },
    /The member me is of an unknown type/,
  ],
  ['a role that is none', { role: 'invoker', members: ['allUsers'] }, /Role \(invoker\) does not exist/],
  [
    'a condition without version 3',
    { role: 'roles/run.invoker', members: ['allUsers'], condition: { expression: 'true' } },
    /need policy version 3/,
  ],
  [
    'an unknown field',
    { role: 'roles/run.invoker', users: [] },
    /Unknown name "users" at 'policy.bindings\[0\]'/,
  ],
])('%s is refused', async (_, binding, message) => {
  await using t = await withService();

  const refused = await t.call('POST', 'services/web:setIamPolicy', { policy: { bindings: [binding] } });

  expect(refused.status).toBe(400);
  expect(refused.body.error?.message).toMatch(message);
  expect((await t.call('GET', 'services/web:getIamPolicy')).body.etag).toBe('ACAB');
});

test.each<[string, string, string]>([
  ['a service account without a domain', 'serviceAccount:deployer', 'Invalid service account (deployer).'],
  ['a service account that was not filled in', 'serviceAccount:', 'Invalid service account ().'],
  ['a user who is no address', 'user:me', 'Invalid email address (me).'],
  [
    'a service account as a user',
    'user:a@p.iam.gserviceaccount.com',
    'Account a@p.iam.gserviceaccount.com is of type "serviceAccount". Please set the type prefix to be "serviceAccount:".',
  ],
])('%s is refused as a member', async (_, member, message) => {
  await using t = await withService();

  const refused = await t.call('POST', 'services/web:setIamPolicy', {
    policy: { bindings: [{ role: 'roles/run.invoker', members: [member] }] },
  });

  expect(refused).toMatchObject({ status: 400, body: { error: { status: 'INVALID_ARGUMENT', message } } });
});

const AUDIT = [{ service: 'run.googleapis.com', auditLogConfigs: [{ logType: 'DATA_READ' }] }];

test('a write changes what its mask names, and the bindings alone without one', async () => {
  await using t = await withService();

  const bindings = await t.call('POST', 'services/web:setIamPolicy', {
    policy: { ...PUBLIC, auditConfigs: AUDIT },
  });
  const audit = await t.call('POST', 'services/web:setIamPolicy', {
    policy: { auditConfigs: AUDIT },
    updateMask: 'auditConfigs',
  });
  const both = await t.call('POST', 'services/web:setIamPolicy', {
    policy: {},
    updateMask: 'bindings,auditConfigs,etag',
  });

  expect(bindings.body).toEqual({ ...PUBLIC, version: 1, etag: expect.any(String) });
  expect(audit.body).toEqual({ ...PUBLIC, version: 1, auditConfigs: AUDIT, etag: expect.any(String) });
  expect(both.body).toEqual({ version: 1, etag: expect.any(String) });
});

test('a mask of a field that a policy does not have is refused', async () => {
  await using t = await withService();

  const refused = await t.call('POST', 'services/web:setIamPolicy', { policy: PUBLIC, updateMask: 'colour' });

  expect(refused.status).toBe(400);
  expect((await t.call('GET', 'services/web:getIamPolicy')).body.etag).toBe('ACAB');
});

test('conditions are shown to who asks for version 3, to others the roles are named so', async () => {
  await using t = await withService();
  const condition = { title: 'until May', expression: 'request.time < timestamp("2030-05-01T00:00:00Z")' };
  const bindings = [{ role: 'roles/run.invoker', members: ['user:a@example.com'], condition }];
  await t.call('POST', 'services/web:setIamPolicy', { policy: { version: 3, bindings } });

  const whole = await t.call('GET', 'services/web:getIamPolicy?options.requestedPolicyVersion=3');
  const plain = await t.call('GET', 'services/web:getIamPolicy');
  const two = await t.call('GET', 'services/web:getIamPolicy?options.requestedPolicyVersion=2');

  expect(whole.body).toMatchObject({ version: 3, bindings });
  expect(plain.body).toMatchObject({
    version: 1,
    bindings: [
      {
        role: expect.stringMatching(/^roles\/run\.invoker_withcond_[0-9a-f]{20}$/),
        members: ['user:a@example.com'],
      },
    ],
  });
  expect(two.status).toBe(400);
});

test('a service made again under the same name has no policy', async () => {
  await using t = await withService();
  await t.call('POST', 'services/web:setIamPolicy', { policy: PUBLIC });
  await t.write('DELETE', 'services/web');

  const missing = await t.call('GET', 'services/web:getIamPolicy');
  await t.write('POST', 'services?serviceId=web', serviceBody());
  const again = await t.call('GET', 'services/web:getIamPolicy');

  expect(missing.status).toBe(404);
  expect(again.body).toEqual({ etag: 'ACAB' });
});

test('permissions are tested by what the kind of resource knows', async () => {
  await using t = await withService();

  const tested = await t.call('POST', 'services/web:testIamPermissions', {
    permissions: ['run.services.update', 'run.jobs.run', 'run.routes.invoke'],
  });
  const wildcard = await t.call('POST', 'services/web:testIamPermissions', { permissions: ['run.*'] });

  expect(tested.body).toEqual({ permissions: ['run.services.update', 'run.routes.invoke'] });
  expect(wildcard.status).toBe(400);
});

test('who may call is ruled by the policy, over whichever version of the API it was set', async () => {
  await using t = await withService();
  const uri = (await t.call('GET', 'services/web')).body.uri ?? '';
  const setOverV1 = (policy: object) =>
    fetch(`${t.cloud.url}/v1/${WEB}:setIamPolicy`, { method: 'POST', body: JSON.stringify({ policy }) });

  await setOverV1({ bindings: [] });
  const closed = await fetch(uri);
  await setOverV1(PUBLIC);
  const open = await fetch(uri);
  await t.call('POST', 'services/web:setIamPolicy', { policy: {} });
  const closedAgain = await fetch(uri);

  expect([closed.status, open.status, closedAgain.status]).toEqual([403, 200, 403]);
});

test.each<[string, object, boolean]>([
  ['nobody', {}, false],
  ['everybody as invokers', { policy: PUBLIC }, true],
  [
    'everybody under a condition',
    {
      policy: {
        version: 3,
        bindings: [{ ...PUBLIC.bindings[0], condition: { expression: 'request.time < x' } }],
      },
    },
    false,
  ],
  [
    'everybody with an account',
    { policy: { bindings: [{ role: 'roles/run.invoker', members: ['allAuthenticatedUsers'] }] } },
    false,
  ],
  [
    'everybody as viewers',
    { policy: { bindings: [{ role: 'roles/run.viewer', members: ['allUsers'] }] } },
    false,
  ],
  ['everybody by a switched-off check', { service: { invokerIamDisabled: true } }, true],
])('a service open to %s is public: %#', (_, { policy = {}, service = {} }: Opened, expected) => {
  const world = testWorld();
  createService(world, {
    parent: 'projects/p/locations/r',
    serviceId: 'web',
    service: serviceBody(service),
    validateOnly: false,
  });
  setPolicy(world, { resource: WEB, policy });

  expect(isPublic(world, WEB)).toBe(expected);
});

interface Opened {
  readonly policy?: object;
  readonly service?: object;
}
