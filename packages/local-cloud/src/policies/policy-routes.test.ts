import { describe, expect, test } from '@jest/globals';

import { callApi } from '../test-api.ts';
import { testCloud } from '../test-client.ts';

const REPOSITORIES = '/v1/projects/p/locations/us-central1/repositories';
const ANN = { role: 'roles/viewer', members: ['user:ann@shop.example'] };

const OWNERS = [
  {
    kind: 'a secret',
    collection: '/v1/projects/p/secrets',
    create: '?secretId=it',
    body: { replication: { automatic: {} } },
    permission: 'secretmanager.versions.access',
  },
  {
    kind: 'a repository',
    collection: REPOSITORIES,
    create: '?repositoryId=it',
    body: { format: 'DOCKER' },
    permission: 'artifactregistry.repositories.get',
  },
];

describe.each(OWNERS)('the policy of $kind', ({ collection, create, body, permission }) => {
  async function owned() {
    const t = await testCloud();
    const call = async (method: string, path: string, sent?: unknown) => {
      const response = await fetch(`${t.cloud.url}${collection}${path}`, {
        method,
        ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
      });
      return {
        status: response.status,
        body: (await response.json()) as Readonly<Record<string, unknown>>,
      };
    };
    const make = () => call('POST', create, body);
    await make();
    const policy = (method: string, verb: string, sent?: unknown) =>
      callApi(t.cloud, {
        method,
        path: `${collection}/it:${verb}`,
        answers: 'google.iam.v1.Policy',
        ...(sent === undefined ? {} : { body: sent }),
      });
    return { ...t, call, make, policy, [Symbol.asyncDispose]: t.cloud.close };
  }

  test.each(['x', '1.5', ''])('is not read by the version "%s"', async (version) => {
    await using t = await owned();

    const refused = await t.policy('GET', `getIamPolicy?options.requestedPolicyVersion=${version}`);

    expect([refused.status, refused.body.error?.message]).toEqual([
      400,
      `Invalid value at 'options.requested_policy_version' (TYPE_INT32), "${version}"`,
    ]);
  });

  test('is read, written with its etag and refused with a stale one', async () => {
    await using t = await owned();
    const first = await t.policy('GET', 'getIamPolicy?options.requestedPolicyVersion=3');

    const set = await t.policy('POST', 'setIamPolicy', { policy: { ...first.body, bindings: [ANN] } });
    const stale = await t.policy('POST', 'setIamPolicy', { policy: { ...first.body, bindings: [] } });

    expect(first.body).toEqual({ etag: 'ACAB' });
    expect(set.body).toMatchObject({ bindings: [ANN] });
    expect(stale).toMatchObject({ status: 409, body: { error: { status: 'ABORTED' } } });
    expect((await t.policy('GET', 'getIamPolicy')).body).toEqual(set.body);
  });

  test('shows its conditions to who asks for version 3, and is changed in what the mask names', async () => {
    await using t = await owned();
    const condition = { title: 'for-now', expression: 'true' };
    const bindings = [{ ...ANN, condition }];
    const auditConfigs = [{ service: 'allServices', auditLogConfigs: [{ logType: 'DATA_READ' }] }];
    await t.policy('POST', 'setIamPolicy', { policy: { version: 3, bindings } });
    await t.policy('POST', 'setIamPolicy', { policy: { auditConfigs }, updateMask: 'auditConfigs' });

    const whole = await t.policy('GET', 'getIamPolicy?options.requestedPolicyVersion=3');
    const plain = await t.policy('GET', 'getIamPolicy');
    const refused = await t.policy('GET', 'getIamPolicy?options.requestedPolicyVersion=2');

    expect(whole.body).toMatchObject({ version: 3, bindings, auditConfigs });
    expect(plain.body['bindings']).toEqual([
      { role: expect.stringMatching(/^roles\/viewer_withcond_/), members: ANN.members },
    ]);
    expect(refused).toMatchObject({ status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } });
  });

  test('goes with what it is of', async () => {
    await using t = await owned();
    await t.policy('POST', 'setIamPolicy', { policy: { bindings: [ANN] } });

    await t.call('DELETE', '/it');
    const gone = await t.policy('GET', 'getIamPolicy');
    await t.make();
    const anew = await t.policy('GET', 'getIamPolicy');

    expect(gone).toMatchObject({ status: 404, body: { error: { status: 'NOT_FOUND' } } });
    expect(anew.body).toEqual({ etag: 'ACAB' });
  });

  test('lets everybody do what there is to do', async () => {
    await using t = await owned();

    const held = await t.call('POST', '/it:testIamPermissions', {
      permissions: [permission, 'run.jobs.get'],
    });

    expect(held.body).toEqual({ permissions: [permission] });
  });
});
