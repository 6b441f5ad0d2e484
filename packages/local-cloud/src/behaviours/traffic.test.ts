import { expect, test } from '@jest/globals';

import { testCloud } from '../test-client.ts';
import { testClock } from '../test-clock.ts';
import { answering, conditionsOf, deploy, shift, shortNames, tagged, to, toLatest } from './scene.ts';

test('(7) a revision without traffic is ready, and everything else about it says retired', async () => {
  await using t = await testCloud();
  await deploy(t, 'web-one');
  await shift(t, [to('web-one', 100)]);
  await deploy(t, 'web-two');

  const revision = await t.call('GET', 'services/web/revisions/web-two');

  expect(conditionsOf(revision.body)).toEqual({
    Ready: 'SUCCEEDED RETIRED',
    ContainerReady: 'SUCCEEDED',
    ContainerHealthy: 'SUCCEEDED',
    ResourcesAvailable: 'RECONCILING RETIRED',
    Active: 'FAILED INFO RETIRED Revision retired.',
    MinInstancesProvisioned: 'FAILED INFO MIN_INSTANCES_NOT_PROVISIONED',
  });
});

test('(7) a revision that is routed at 0 % without a tag is retired, too', async () => {
  await using t = await testCloud();
  await deploy(t, 'web-one');
  await deploy(t, 'web-two');
  await shift(t, [to('web-one', 100), to('web-two', 0)]);

  const revision = await t.call('GET', 'services/web/revisions/web-two');

  expect(conditionsOf(revision.body)).toMatchObject({ Active: 'FAILED INFO RETIRED Revision retired.' });
});

test.each([
  ['the new one', [], 'web-two'],
  ['the old one, when that is asked for', [{ match: {}, effect: 'latest-ready-stays' }], 'web-one'],
] as const)(
  '(7) after a deployment without traffic the latest ready revision is %s',
  async (_, faults, name) => {
    await using t = await testCloud();
    t.cloud.addFaults(...faults);
    await deploy(t, 'web-one');
    await shift(t, [to('web-one', 100)]);

    const { body } = await deploy(t, 'web-two');

    expect(body.response?.latestReadyRevision?.split('/').at(-1)).toBe(name);
    expect(body.response?.latestCreatedRevision?.split('/').at(-1)).toBe('web-two');
  },
);

test('(8) a revision that fails leaves the traffic and the observed generation as they were, and the old one serving', async () => {
  await using t = await testCloud();
  await deploy(t, 'web-one');
  t.cloud.addFaults({ match: {}, effect: 'start-fails', message: 'It crashed.' });

  const failed = await deploy(t, 'web-two');
  const { body } = await t.call('GET', 'services/web');

  expect(failed.body.error).toEqual({
    code: 9,
    message: expect.stringMatching(
      /^Revision 'web-two' is not ready and cannot serve traffic\. It crashed\./,
    ),
  });
  expect(body).toMatchObject({
    generation: '2',
    observedGeneration: '1',
    trafficStatuses: [toLatest],
    latestReadyRevision: expect.stringMatching(/web-one$/),
    latestCreatedRevision: expect.stringMatching(/web-two$/),
    terminalCondition: { state: 'CONDITION_FAILED' },
  });
  expect(await answering(body.uri)).toBe('web-one');
});

test('(9) a later write of traffic gets the old failure and takes no effect when that is asked for, the next one works', async () => {
  await using t = await testCloud();
  await deploy(t, 'web-one');
  await shift(t, [to('web-one', 100)]);
  t.cloud.addFaults({ match: {}, effect: 'start-fails', message: 'It crashed.' });
  await deploy(t, 'web-two');
  t.cloud.addFaults({ match: { service: 'web$' }, effect: 'old-failure' });
  const traffic = [to('web-one', 100), tagged('stable', 'web-one')];

  const failed = await shift(t, traffic);
  const { body: between } = await t.call('GET', 'services/web');
  const second = await shift(t, traffic);

  expect(failed.body.error).toMatchObject({ code: 9, message: expect.stringContaining('It crashed.') });
  expect([between.traffic, between.trafficStatuses]).toEqual([traffic, [to('web-one', 100)]]);
  expect(second.body.response?.trafficStatuses).toMatchObject(traffic);
});

test('(10) a tag answers from the old revision for some seconds after its write is done', async () => {
  const clock = testClock();
  await using t = await testCloud({ clock });
  await deploy(t, 'web-one');
  await shift(t, [toLatest, tagged('green', 'web-one')]);
  await deploy(t, 'web-two');
  t.cloud.addFaults({ match: { service: 'web$' }, effect: 'stale-tag', seconds: 20 });

  const shifted = await shift(t, [toLatest, tagged('green', 'web-two')]);
  const uri = shifted.body.response?.trafficStatuses?.[1]?.uri;
  const during = await answering(uri);
  await clock.advance(20_000);

  expect([during, await answering(uri)]).toEqual(['web-one', 'web-two']);
});

test('(11) requests go the old way for some seconds after the statuses say the new one', async () => {
  const clock = testClock();
  await using t = await testCloud({ clock });
  await deploy(t, 'web-one');
  await deploy(t, 'web-two');
  t.cloud.addFaults({ match: { service: 'web$' }, effect: 'stale-traffic', seconds: 20 });

  const { body } = await shift(t, [to('web-one', 100)]);
  const during = await answering(body.response?.uri);
  await clock.advance(20_000);

  expect(body.response?.trafficStatuses).toEqual([to('web-one', 100)]);
  expect([during, await answering(body.response?.uri)]).toEqual(['web-two', 'web-one']);
});

test('(19) beyond the quota of tags the oldest ones at 0 % of the service that adds go without a word', async () => {
  await using t = await testCloud({ limits: { tags: 3 } });
  await deploy(t, 'web-one');
  await t.write('POST', 'services?serviceId=other', {
    template: { containers: [{ image: 'localhost:5000/other' }] },
    traffic: [{ ...toLatest, tag: 'kept' }],
  });
  await shift(t, [toLatest, tagged('constructor', 'web-one')]);
  await shift(t, [toLatest, tagged('second', 'web-one'), tagged('constructor', 'web-one')]);

  const { body } = await shift(t, [
    toLatest,
    tagged('second', 'web-one'),
    tagged('constructor', 'web-one'),
    tagged('third', 'web-one'),
  ]);
  const other = await t.call('GET', 'services/other');

  expect(body.response?.trafficStatuses?.map(({ tag }) => tag)).toEqual([undefined, 'second', 'third']);
  expect(other.body.trafficStatuses?.map(({ tag }) => tag)).toEqual(['kept']);
});

test('(19) a tag beyond the quota is refused where the service has none to give up', async () => {
  await using t = await testCloud({ limits: { tags: 1 } });
  await deploy(t, 'web-one');
  await shift(t, [{ ...toLatest, tag: 'live' }]);
  const before = await t.call('GET', 'services/web');

  const refused = await shift(t, [{ ...toLatest, tag: 'live' }, tagged('green', 'web-one')]);

  expect(refused).toMatchObject({
    status: 400,
    body: { error: { message: 'Quota violated: TagsPerProjectRegion requested: 2 allowed: 1' } },
  });
  expect(await t.call('GET', 'services/web')).toEqual(before);
});

test('(20) beyond the quota of revisions the oldest that serve nothing are deleted, those that serve stay', async () => {
  await using t = await testCloud({ limits: { revisions: 3 } });
  await deploy(t, 'web-1');
  await shift(t, [to('web-1', 100)]);
  await deploy(t, 'web-2');
  await deploy(t, 'web-3');
  await deploy(t, 'web-4');
  await deploy(t, 'web-5');

  const revisions = await t.call('GET', 'services/web/revisions');

  expect(shortNames(revisions.body.revisions)).toEqual(['web-5', 'web-4', 'web-1']);
  expect((await t.call('GET', 'services/web/revisions/web-2')).status).toBe(404);
});
