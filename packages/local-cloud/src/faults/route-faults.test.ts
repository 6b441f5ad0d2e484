import { expect, test } from '@jest/globals';

import { LATEST, REVISION } from '../control/resources.ts';
import { serviceBody, type TestCloud, testCloud } from '../test-client.ts';
import { testClock } from '../test-clock.ts';

const template = (revision: string) => ({ revision, containers: [{ image: 'localhost:5000/web' }] });

test('traffic that lags is said to have moved and moves when its time has come', async () => {
  const clock = testClock();
  await using t = await testCloud({ clock });
  await deploy(t, 'web-one');
  t.cloud.addFaults({ match: { service: 'services/web$' }, effect: 'stale-traffic', seconds: 90 });

  const service = await deploy(t, 'web-two');
  const before = await answering(service.uri);
  await clock.advance(90_000);

  expect(service.trafficStatuses).toEqual([{ type: LATEST, percent: 100 }]);
  expect(service.latestReadyRevision).toMatch(/web-two$/);
  expect(before).toBe('web-one');
  expect(await answering(service.uri)).toBe('web-two');
});

test('a tag that lags answers from the revision that it named before', async () => {
  const clock = testClock();
  await using t = await testCloud({ clock });
  await deploy(t, 'web-one');
  await tag(t, 'web-one');
  await t.write('PATCH', 'services/web?updateMask=template', { template: template('web-two') });
  t.cloud.addFaults({ match: {}, effect: 'stale-tag', seconds: 30 });

  const service = await tag(t, 'web-two');
  const uri = service.trafficStatuses?.[1]?.uri;
  const before = await answering(uri);
  await clock.advance(30_000);

  expect(before).toBe('web-one');
  expect(await answering(uri)).toBe('web-two');
});

test('a change that overtakes a late one takes effect at once, and the late one never does', async () => {
  const clock = testClock();
  await using t = await testCloud({ clock });
  await deploy(t, 'web-one');
  t.cloud.addFaults({ match: {}, effect: 'stale-traffic', seconds: 90 });
  await deploy(t, 'web-two');

  const service = await deploy(t, 'web-three');
  const atOnce = await answering(service.uri);
  await clock.advance(90_000);

  expect(atOnce).toBe('web-three');
  expect(await answering(service.uri)).toBe('web-three');
});

test('routes that fail leave the old ones and fail the write as a route that is never ready does', async () => {
  await using t = await testCloud();
  const first = await deploy(t, 'web-one');
  t.cloud.addFaults({ match: {}, effect: 'routes-fail' });

  const failed = await t.write('PATCH', 'services/web', serviceBody({ template: template('web-two') }));
  const service = await t.call('GET', 'services/web');

  expect(failed.body.error?.message).toBe(
    'Waiting to reconcile Route. Resource readiness deadline exceeded.',
  );
  expect(service.body.terminalCondition).toMatchObject({
    state: 'CONDITION_FAILED',
    reason: 'PROGRESS_DEADLINE_EXCEEDED',
  });
  expect(await answering(first.uri)).toBe('web-one');
});

async function deploy(t: TestCloud, revision: string): Promise<ServiceBody> {
  const body = serviceBody({ template: template(revision) });
  const { body: operation } = await t.write('PATCH', 'services/web?allowMissing=true', body);
  return operation.response ?? {};
}

async function tag(t: TestCloud, revision: string): Promise<ServiceBody> {
  const traffic = [
    { type: LATEST, percent: 100 },
    { type: REVISION, revision, tag: 'green' },
  ];
  const { body } = await t.write('PATCH', 'services/web?updateMask=traffic', { traffic });
  return body.response ?? {};
}

type ServiceBody = NonNullable<Awaited<ReturnType<TestCloud['write']>>['body']['response']>;

async function answering(uri: string | undefined): Promise<string> {
  const answer = (await (await fetch(uri ?? '')).json()) as { readonly revision: string };
  return answer.revision;
}
