import { expect, test } from '@jest/globals';

import { LATEST, REVISION } from './control/resources.ts';
import { serviceBody, testCloud } from './test-client.ts';

test('a service is reconciling at once and ready when its operation is done', async () => {
  await using t = await testCloud();

  const created = await t.call('POST', 'services?serviceId=web', serviceBody());
  const done = await t.call('POST', `${created.body.name?.split('/').slice(4).join('/') ?? ''}:wait`, {});

  expect(created.body.done).toBeUndefined();
  expect(created.body.metadata).toMatchObject({
    reconciling: true,
    terminalCondition: { type: 'Ready', state: 'CONDITION_RECONCILING' },
  });
  expect(done.body.response).toMatchObject({
    generation: '1',
    observedGeneration: '1',
    terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
    conditions: [
      { type: 'RoutesReady', state: 'CONDITION_SUCCEEDED' },
      { type: 'ConfigurationsReady', state: 'CONDITION_SUCCEEDED' },
    ],
    trafficStatuses: [{ type: LATEST, percent: 100 }],
  });
  expect(done.body.response?.reconciling).toBeUndefined();
});

test('a revision at 0 % answers on its tag URL alone', async () => {
  await using t = await testCloud();
  await t.write(
    'POST',
    'services?serviceId=web',
    serviceBody({
      template: { revision: 'web-one', containers: [{ image: 'localhost:5000/web' }] },
      traffic: [{ type: REVISION, revision: 'web-one', percent: 100 }],
    }),
  );

  const staged = await t.write('PATCH', 'services/web?updateMask=template,traffic', {
    template: { revision: 'web-two', containers: [{ image: 'localhost:5000/web:2' }] },
    traffic: [
      { type: REVISION, revision: 'web-one', percent: 100 },
      { type: REVISION, revision: 'web-two', tag: 'c-1234567' },
    ],
  });
  const service = staged.body.response;
  const tagged: unknown = await (await fetch(service?.trafficStatuses?.[1]?.uri ?? '')).json();
  const main: unknown = await (await fetch(service?.uri ?? '')).json();

  expect(tagged).toMatchObject({ revision: 'web-two' });
  expect(main).toMatchObject({ revision: 'web-one' });
});

test('a stale etag is refused and changes nothing', async () => {
  await using t = await testCloud();
  const first = await t.write('POST', 'services?serviceId=web', serviceBody());
  await t.write('PATCH', 'services/web?updateMask=labels', { labels: { moved: 'yes' } });
  const before = await t.call('GET', 'services/web');

  const refused = await t.call('PATCH', 'services/web', {
    ...serviceBody(),
    etag: first.body.response?.etag,
  });

  expect(refused.status).toBe(409);
  expect(refused.body.error).toMatchObject({
    status: 'ABORTED',
    message: expect.stringMatching(
      /^Conflict for resource 'web': version '\d{16}' was specified but current version is '\d{16}'\.$/,
    ),
  });
  expect(await t.call('GET', 'services/web')).toEqual(before);
});

test('the etag that an operation answers is good for the next write', async () => {
  await using t = await testCloud();
  const first = await t.write('POST', 'services?serviceId=web', serviceBody());

  const second = await t.write('PATCH', 'services/web', {
    ...serviceBody({ labels: { a: 'b' } }),
    etag: first.body.response?.etag,
  });

  expect(second.body.response?.labels).toEqual({ a: 'b' });
});

const image = 'localhost:5000/web';
const oneContainer = { containers: [{ image }] };

test.each([
  [
    'a name in the body',
    { ...serviceBody(), name: 'web' },
    /service: service\.name must be empty on CreateServiceRequest\./,
  ],
  ['no template', {}, /CreateServiceRequest\.service\.template: should be set\./],
  [
    'a bad image',
    { template: { containers: [{ image: 'Not An Image' }] } },
    /containers\[0\]\.image: must be a container image path/,
  ],
  [
    'a long timeout',
    { template: { ...oneContainer, timeout: '3601s' } },
    /template\.timeout: maximum allowed time is one hour\./,
  ],
  ['a foreign revision name', { template: { ...oneContainer, revision: 'api-1' } }, /must start with 'web-'/],
  [
    'a sum that is not 100',
    { ...serviceBody(), traffic: [{ type: LATEST, percent: 90 }] },
    /Traffic targets sum to 90, want 100/,
  ],
  [
    'LATEST with a revision',
    { ...serviceBody(), traffic: [{ type: LATEST, revision: 'web-1', percent: 100 }] },
    /must be empty when type is/,
  ],
  [
    'REVISION without one',
    { ...serviceBody(), traffic: [{ type: REVISION, percent: 100 }] },
    /should be set when type is/,
  ],
  [
    'a tag twice',
    {
      ...serviceBody(),
      traffic: [
        { type: LATEST, percent: 100, tag: 'a' },
        { type: LATEST, tag: 'a' },
      ],
    },
    /Multiple definitions for "a"/,
  ],
  [
    'a tag that is no label',
    { ...serviceBody(), traffic: [{ type: LATEST, percent: 100, tag: '1a' }] },
    /must be a DNS-1035 label/,
  ],
  [
    'an unknown field',
    { ...serviceBody(), colour: 'red' },
    /Unknown name "colour" at 'service': Cannot find field\./,
  ],
  [
    'an unknown enum value',
    { ...serviceBody(), ingress: 'INGRESS_TRAFFIC_SOME' },
    /Invalid value at 'service\.ingress' .*IngressTraffic\), "INGRESS_TRAFFIC_SOME"/,
  ],
  [
    'text for a number',
    { template: { ...oneContainer, maxInstanceRequestConcurrency: 'many' } },
    /Invalid value at 'service\.template\.max_instance_request_concurrency'/,
  ],
  ['a reserved label', { ...serviceBody(), labels: { 'run.googleapis.com/x': 'y' } }, /reserved/],
])('%s is refused with 400 and creates nothing', async (_, body, message) => {
  await using t = await testCloud();

  const refused = await t.call('POST', 'services?serviceId=web', body);

  expect(refused.status).toBe(400);
  expect(refused.body.error?.status).toBe('INVALID_ARGUMENT');
  expect(refused.body.error?.message).toMatch(message);
  expect((await t.call('GET', 'services')).body).toEqual({});
});

test('enums are read as names and numbers, and written as numbers when asked for', async () => {
  await using t = await testCloud();
  await t.write('POST', 'services?serviceId=web', {
    ...serviceBody(),
    ingress: 2,
    traffic: [{ type: 1, percent: 100 }],
  });

  const named = await t.call('GET', 'services/web');
  const numbered = await t.call('GET', 'services/web?%24alt=json%3Benum-encoding%3Dint');

  expect(named.body).toMatchObject({ ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY', generation: '1' });
  expect(numbered.body).toMatchObject({
    ingress: 2,
    traffic: [{ type: 1, percent: 100 }],
    terminalCondition: { state: 4 },
  });
});

test('services are listed newest first, a page at a time', async () => {
  await using t = await testCloud();
  await t.write('POST', 'services?serviceId=one', serviceBody());
  await t.write('POST', 'services?serviceId=two', serviceBody());
  await t.write('POST', 'services?serviceId=three', serviceBody());

  const first = await t.call('GET', 'services?pageSize=2');
  const second = await t.call('GET', `services?pageSize=2&pageToken=${first.body.nextPageToken ?? ''}`);

  expect(first.body.services?.map(({ name }) => name?.split('/').at(-1))).toEqual(['three', 'two']);
  expect(second.body.services?.map(({ name }) => name?.split('/').at(-1))).toEqual(['one']);
  expect(second.body.nextPageToken).toBeUndefined();
});

test('what is missing is 404 with kind, region and project', async () => {
  await using t = await testCloud();

  const missing = await t.call('GET', 'services/web');

  expect(missing.status).toBe(404);
  expect(missing.body.error?.message).toBe(
    "Resource 'web' of kind 'SERVICE' in region 'r' in project 'p' does not exist.",
  );
});

test('a second creation is refused, and allowMissing creates what an update does not find', async () => {
  await using t = await testCloud();

  const made = await t.write('PATCH', 'services/web?allowMissing=true', serviceBody());
  const again = await t.call('POST', 'services?serviceId=web', serviceBody());

  expect(made.body.response?.generation).toBe('1');
  expect(again).toMatchObject({
    status: 409,
    body: { error: { status: 'ALREADY_EXISTS', message: "Resource 'web' already exists." } },
  });
});

test('a deleted service is gone with its revisions and its address', async () => {
  await using t = await testCloud();
  const created = await t.write('POST', 'services?serviceId=web', serviceBody());

  const deleted = await t.write('DELETE', 'services/web');

  expect(deleted.body).toMatchObject({
    done: true,
    response: { deleteTime: expect.any(String), expireTime: expect.any(String) },
  });
  expect((await t.call('GET', 'services/web')).status).toBe(404);
  expect((await t.call('GET', 'services/web/revisions')).body).toEqual({});
  await expect(fetch(created.body.response?.uri ?? '')).rejects.toThrow();
});

test('a revision that is routed cannot be deleted, one that is not can', async () => {
  await using t = await testCloud();
  await t.write(
    'POST',
    'services?serviceId=web',
    serviceBody({ template: { ...oneContainer, revision: 'web-one' } }),
  );
  await t.write(
    'PATCH',
    'services/web',
    serviceBody({ template: { ...oneContainer, revision: 'web-two', timeout: '10s' } }),
  );

  const routed = await t.call('DELETE', 'services/web/revisions/web-two');
  const retired = await t.write('DELETE', 'services/web/revisions/web-one');
  const left = await t.call('GET', 'services/web/revisions');

  expect(routed).toMatchObject({ status: 400, body: { error: { status: 'FAILED_PRECONDITION' } } });
  expect(retired.body.done).toBe(true);
  expect(left.body.revisions?.map(({ name }) => name?.split('/').at(-1))).toEqual(['web-two']);
});

test('a wait that is too short answers the operation undone', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({ match: { image: 'localhost' }, effect: 'task-hangs' });
  await t.write('POST', 'jobs?jobId=migrate', { template: { template: oneContainer } });
  const run = await t.call('POST', 'jobs/migrate:run', {});
  const operation = run.body.name?.split('/').slice(4).join('/') ?? '';

  const waited = await t.call('POST', `${operation}:wait`, { timeout: '0.05s' });
  const unknown = await t.call('POST', 'operations/none:wait', {});

  expect(waited).toMatchObject({ status: 200, body: { name: run.body.name } });
  expect(waited.body.done).toBeUndefined();
  expect(unknown.status).toBe(404);
});

test('traffic is split by percent', async () => {
  await using t = await testCloud();
  await t.write(
    'POST',
    'services?serviceId=web',
    serviceBody({ template: { ...oneContainer, revision: 'web-one' } }),
  );
  const split = await t.write('PATCH', 'services/web', {
    template: { ...oneContainer, revision: 'web-two', timeout: '10s' },
    traffic: [
      { type: REVISION, revision: 'web-one', percent: 50 },
      { type: REVISION, revision: 'web-two', percent: 50 },
    ],
  });

  const answers = await Promise.all(
    Array.from({ length: 60 }, async () => (await fetch(split.body.response?.uri ?? '')).json()),
  );

  expect(new Set(answers.map((answer) => (answer as { revision: string }).revision))).toEqual(
    new Set(['web-one', 'web-two']),
  );
});

test('a readiness probe may say how many successes in a row it needs, which the published protos lack', async () => {
  await using t = await testCloud();
  const readinessProbe = { periodSeconds: 10, successThreshold: 2, httpGet: { path: '/ready', port: 8080 } };

  const created = await t.write(
    'POST',
    'services?serviceId=web',
    serviceBody({ template: { containers: [{ image: 'localhost:5000/web', readinessProbe }] } }),
  );

  expect(created.body.response?.template?.containers).toMatchObject([{ readinessProbe }]);
});

test('a service is not told where it runs unless it asked, a job is', async () => {
  await using t = await testCloud();
  const task = { template: { template: { containers: [{ image: 'localhost:5000/job' }] } } };

  const service = await t.write('POST', 'services?serviceId=web', serviceBody());
  const job = await t.write('POST', 'jobs?jobId=task', task);

  expect(service.body.response?.template).not.toHaveProperty('executionEnvironment');
  expect(job.body.response?.template).toMatchObject({
    template: { executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2' },
  });
});
