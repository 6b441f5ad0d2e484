import { expect, test } from '@jest/globals';

import { messageOf } from './mapping.ts';
import { knativeJob, knativeService, testV1 } from './test-v1.ts';

test('every API that gcloud asks for is enabled', async () => {
  await using t = await testV1();

  const one = await t.at('GET', '/v1/projects/p/services/run.googleapis.com');
  const names = ['run', 'cloudbuild']
    .map((api) => `names=projects/p/services/${api}.googleapis.com`)
    .join('&');
  const many = await t.at('GET', `/v1/projects/p/services:batchGet?${names}`);
  const enabled = await t.at('POST', '/v1/projects/p/services/run.googleapis.com:enable', {});
  const allEnabled = await t.at('POST', '/v1/projects/p/services:batchEnable', {
    serviceIds: ['run.googleapis.com'],
  });

  expect(one.body).toMatchObject({ state: 'ENABLED', config: { name: 'run.googleapis.com' } });
  expect(many.body['services']).toMatchObject([{ state: 'ENABLED' }, { state: 'ENABLED' }]);
  expect(enabled.body).toMatchObject({ done: true, response: { service: { state: 'ENABLED' } } });
  expect(allEnabled.body).toMatchObject({ done: true, response: { services: [{ state: 'ENABLED' }] } });
});

test('a project has one number, whichever API says it', async () => {
  await using t = await testV1();
  const created = await t.v1('POST', 'serving/services', knativeService('web'));
  const namespace = messageOf(created.body.metadata)['namespace'];

  const older = await t.at('GET', '/v1/projects/p');
  const newer = await t.at('GET', `/v3/projects/${String(namespace)}`);

  expect(older.body).toMatchObject({ projectId: 'p', projectNumber: namespace, lifecycleState: 'ACTIVE' });
  expect(newer.body).toMatchObject({
    name: `projects/${String(namespace)}`,
    projectId: 'p',
    state: 'ACTIVE',
  });
});

test('the regions are listed, and there are no domain mappings', async () => {
  await using t = await testV1();

  const regions = await t.at('GET', '/v1/projects/p/locations');
  const mappings = await t.at('GET', '/apis/domains.cloudrun.com/v1/namespaces/p/domainmappings');

  expect(regions.body['locations']).toEqual(
    expect.arrayContaining([expect.objectContaining({ locationId: 'us-central1' })]),
  );
  expect(mappings.body).toEqual({
    apiVersion: 'domains.cloudrun.com/v1',
    kind: 'DomainMappingList',
    metadata: {},
  });
});

test.each([
  ['services', 'serving', knativeService('one')],
  ['jobs', 'run', knativeJob('one')],
])(
  'a policy of %s is read, written with its etag and refused with a stale one',
  async (plural, group, body) => {
    await using t = await testV1();
    await t.v1('POST', `${group}/${plural}`, body);
    const resource = `/v1/projects/p/locations/r/${plural}/one`;
    const bindings = [{ role: 'roles/run.invoker', members: ['allUsers'] }];
    const empty = await t.at('GET', `${resource}:getIamPolicy?options.requestedPolicyVersion=3`);

    const first = await t.at('POST', `${resource}:setIamPolicy`, { policy: { ...empty.body, bindings } });
    const stale = await t.at('POST', `${resource}:setIamPolicy`, { policy: { ...empty.body, bindings: [] } });

    expect(first.body).toMatchObject({ bindings });
    expect(stale).toMatchObject({ status: 409, body: { error: { status: 'ABORTED' } } });
    expect((await t.at('GET', `${resource}:getIamPolicy`)).body).toEqual(first.body);
    expect((await t.at('GET', `${resource.replace('/v1/', '/v2/')}:getIamPolicy`)).body).toEqual(first.body);
  },
);

test('whoever asks has the permissions that are asked for', async () => {
  await using t = await testV1();
  const permissions = ['run.services.setIamPolicy'];

  const answer = await t.at('POST', '/v1/projects/p/locations/r/services/new:testIamPermissions', {
    permissions,
  });

  expect(answer).toEqual({ status: 200, body: { permissions } });
});

test('the APIs that this cloud speaks are listed as enabled, and those that somebody has enabled', async () => {
  await using t = await testV1();
  await t.at('POST', '/v1/projects/p/services:batchEnable', { serviceIds: ['dns.googleapis.com'] });

  const list = '/v1/projects/p/services?filter=state:ENABLED&pageSize=200&fields=services/name,nextPageToken';
  const { body } = await t.at('GET', list);
  const disabled = await t.at('POST', '/v1/projects/p/services/dns.googleapis.com:disable', {});

  expect(body['services']).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: expect.stringMatching(/services\/run\.googleapis\.com$/) }),
      expect.objectContaining({ name: expect.stringMatching(/services\/dns\.googleapis\.com$/) }),
    ]),
  );
  expect(disabled.body).toMatchObject({ done: true });
});

test('a project is paid for', async () => {
  await using t = await testV1();

  const { body } = await t.at('GET', '/v1/projects/p/billingInfo');

  expect(body).toMatchObject({ name: 'projects/p/billingInfo', projectId: 'p', billingEnabled: true });
});
