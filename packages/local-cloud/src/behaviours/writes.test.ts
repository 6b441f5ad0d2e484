import { expect, test } from '@jest/globals';

import { serviceBody, testCloud } from '../test-client.ts';
import { conditionsOf, deploy, operationPath, shift, shortNames, template, to } from './scene.ts';

test('(1) a service is reconciling when it is created and ready when its operation is done, with the conditions of either', async () => {
  await using t = await testCloud();

  const created = await t.call('POST', 'services?serviceId=web', serviceBody());
  await t.call('POST', `${operationPath(created)}:wait`, {});
  const ready = await t.call('GET', 'services/web');

  expect(created.body.metadata).toMatchObject({
    reconciling: true,
    terminalCondition: { type: 'Ready', state: 'CONDITION_RECONCILING' },
  });
  expect(conditionsOf(created.body.metadata ?? {})).toEqual({
    RoutesReady: 'RECONCILING',
    ConfigurationsReady: 'RECONCILING',
  });
  expect(ready.body.reconciling).toBeUndefined();
  expect(ready.body.terminalCondition).toMatchObject({ type: 'Ready', state: 'CONDITION_SUCCEEDED' });
  expect(conditionsOf(ready.body)).toEqual({ RoutesReady: 'SUCCEEDED', ConfigurationsReady: 'SUCCEEDED' });
});

test('(2) 64-bit numbers are texts', async () => {
  await using t = await testCloud();
  await deploy(t, 'web-one');

  const service = await t.call('GET', 'services/web');
  const revision = await t.call('GET', 'services/web/revisions/web-one');

  expect([service.body, revision.body]).toMatchObject([
    { generation: '1', observedGeneration: '1' },
    { generation: '1', observedGeneration: '1' },
  ]);
});

test('(3) enums are taken as names and as numbers, and answered as numbers to whoever asks for that', async () => {
  await using t = await testCloud();
  await t.write('POST', 'services?serviceId=web', { ...serviceBody(), ingress: 2, launchStage: 'BETA' });

  const named = await t.call('GET', 'services/web');
  const numbered = await t.call('GET', 'services/web?%24alt=json%3Benum-encoding%3Dint');

  expect(named.body).toMatchObject({ ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY', launchStage: 'BETA' });
  expect(numbered.body).toMatchObject({ ingress: 2, launchStage: 3, terminalCondition: { state: 4 } });
});

test('(4) a stale etag is 409 ABORTED with both versions in microseconds, and nothing is written', async () => {
  await using t = await testCloud();
  const { body: first } = await deploy(t, 'web-one');
  await t.write('PATCH', 'services/web?updateMask=labels', { labels: { moved: 'yes' } });
  const before = await t.call('GET', 'services/web');

  const refused = await t.call('PATCH', 'services/web', { ...serviceBody(), etag: first.response?.etag });

  const micros = (time = '') => String(Date.parse(time)).slice(0, 13) + time.slice(23, 26);
  expect(refused).toMatchObject({
    status: 409,
    body: {
      error: {
        code: 409,
        status: 'ABORTED',
        message: `Conflict for resource 'web': version '${micros(first.response?.updateTime)}' was specified but current version is '${micros(before.body.updateTime)}'.`,
      },
    },
  });
  expect(await t.call('GET', 'services/web')).toEqual(before);
});

test('(5) a revision name that is taken by another configuration is 409 ALREADY_EXISTS', async () => {
  await using t = await testCloud();
  await deploy(t, 'web-one');

  const refused = await t.call('PATCH', 'services/web', { template: template('web-one', { timeout: '9s' }) });

  expect(refused).toMatchObject({
    status: 409,
    body: {
      error: {
        status: 'ALREADY_EXISTS',
        message: "Revision named 'web-one' with different configuration already exists.",
      },
    },
  });
});

test('(6) a revision name that is taken by the same configuration makes no revision and is done at once', async () => {
  await using t = await testCloud();
  await deploy(t, 'web-one');

  const again = await deploy(t, 'web-one');
  const revisions = await t.call('GET', 'services/web/revisions');

  expect(again.body).toMatchObject({ done: true, response: { generation: '2' } });
  expect(shortNames(revisions.body.revisions)).toEqual(['web-one']);
});

test('(13) the operation of a write that only validates is 404, and nothing is written', async () => {
  await using t = await testCloud();

  const validated = await t.call('POST', 'services?serviceId=web&validateOnly=true', serviceBody());
  const polled = await t.call('GET', operationPath(validated));

  expect(validated).toMatchObject({ status: 200, body: { metadata: { generation: '1' } } });
  expect(polled).toMatchObject({ status: 404, body: { error: { status: 'NOT_FOUND' } } });
  expect((await t.call('GET', 'services/web')).status).toBe(404);
});

test('(24) an update creates what it does not find when it is allowed to, and is 404 otherwise', async () => {
  await using t = await testCloud();

  const refused = await t.call('PATCH', 'services/web', serviceBody());
  const service = await t.write('PATCH', 'services/web?allowMissing=true', serviceBody());
  const job = await t.write('PATCH', 'jobs/migrate?allowMissing=true', {
    template: { template: { containers: [{ image: 'localhost:5000/migrate' }] } },
  });

  expect(refused.status).toBe(404);
  expect([service.body.response?.generation, job.body.response?.generation]).toEqual(['1', '1']);
});

test('(21) a revision that is routed cannot be deleted until it is routed no more', async () => {
  await using t = await testCloud();
  await deploy(t, 'web-one');
  await shift(t, [to('web-one', 100)]);
  await deploy(t, 'web-two');

  const refused = await t.call('DELETE', 'services/web/revisions/web-one');
  await shift(t, [to('web-two', 100)]);
  const deleted = await t.write('DELETE', 'services/web/revisions/web-one');

  expect(refused).toMatchObject({ status: 400, body: { error: { status: 'FAILED_PRECONDITION' } } });
  expect(deleted.body.done).toBe(true);
});

test('(22) revisions are listed newest first, a page at a time', async () => {
  await using t = await testCloud();
  await deploy(t, 'web-one');
  await deploy(t, 'web-two');
  await deploy(t, 'web-three');

  const first = await t.call('GET', 'services/web/revisions?pageSize=2');
  const token = first.body.nextPageToken ?? '';
  const second = await t.call('GET', `services/web/revisions?pageSize=2&pageToken=${token}`);

  expect(shortNames(first.body.revisions)).toEqual(['web-three', 'web-two']);
  expect(shortNames(second.body.revisions)).toEqual(['web-one']);
  expect(second.body.nextPageToken).toBeUndefined();
});
