import { expect, test } from '@jest/globals';

import { deploy, shortNames } from '../behaviours/scene.ts';
import { faultSwitches } from '../http/faults.ts';
import { serviceBody, testCloud } from '../test-client.ts';
import { testClock } from '../test-clock.ts';

test('a cloud whose clock is ahead says so in its times and in the Date of its answers, until the fault is gone', async () => {
  const clock = testClock(Date.UTC(2026, 0, 1));
  await using t = await testCloud({ clock });
  const [id = ''] = t.cloud.addFaults({ match: {}, effect: 'clock-skew', seconds: 3600 });

  const { body } = await t.write('POST', 'services?serviceId=web', serviceBody());
  const skewed = await fetch(`${t.cloud.url}/v2/projects/p/locations/r/services`);
  t.cloud.removeFault(id);
  const straight = await fetch(`${t.cloud.url}/v2/projects/p/locations/r/services`);

  expect(body.response?.createTime).toMatch(/^2026-01-01T01:00:00\.\d{6}Z$/);
  expect(skewed.headers.get('date')).toBe('Thu, 01 Jan 2026 01:00:00 GMT');
  expect(straight.headers.get('date')).not.toBe('Thu, 01 Jan 2026 01:00:00 GMT');
});

test('times never go back, not even when a clock that was ahead is set right', async () => {
  const clock = testClock();
  await using t = await testCloud({ clock });
  const [id = ''] = t.cloud.addFaults({ match: {}, effect: 'clock-skew', seconds: 3600 });
  const first = await deploy(t, 'web-one');
  t.cloud.removeFault(id);

  const second = await deploy(t, 'web-two');

  const times = [first, second].map(({ body }) => body.response?.updateTime ?? '');
  expect(times).toEqual([...times].sort());
  expect(times[0]).not.toBe(times[1]);
});

test('limits that a fault sets collect revisions at once, and go with it', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({ match: {}, effect: 'quota', limits: { revisions: 1 } });
  await deploy(t, 'web-1');
  await deploy(t, 'web-2');
  await deploy(t, 'web-3');
  const collected = await t.call('GET', 'services/web/revisions');
  t.cloud.clearFaults();
  await deploy(t, 'web-4');

  const kept = await t.call('GET', 'services/web/revisions');

  expect(shortNames(collected.body.revisions)).toEqual(['web-3', 'web-2']);
  expect(shortNames(kept.body.revisions)).toEqual(['web-4', 'web-3', 'web-2']);
});

test('a call is matched by the full name of its method, be it over REST or over gRPC', () => {
  const faults = faultSwitches({ now: () => 0 });
  faults.add([{ match: { rpc: 'Services\\.UpdateService$' }, effect: 'fail-before', times: 'all' }]);
  const call = { method: 'PATCH', url: '/v2/projects/p/locations/r/services/web' };

  expect(faults.hit({ ...call, rpc: 'google.cloud.run.v2.Services.UpdateService' })?.effect).toBe(
    'fail-before',
  );
  expect(faults.hit({ ...call, rpc: 'google.cloud.run.v2.Jobs.UpdateJob' })).toBeUndefined();
  expect(faults.hit(call)).toBeUndefined();
});
