import { expect, test } from '@jest/globals';

import { serviceBody, testCloud } from '../test-client.ts';
import { testClock } from '../test-clock.ts';
import type { Fault } from './fault.ts';

const call = { match: { path: '/services/web$' }, effect: 'status', status: 503 } as const;

test.each([
  ['the first alone', {}, [503, 404, 404, 404, 404, 404]],
  ['the third alone', { nth: 3 }, [404, 404, 503, 404, 404, 404]],
  ['two in a row', { nth: 2, times: 2 }, [404, 503, 503, 404, 404, 404]],
  ['every second', { every: 2, times: 2 }, [503, 404, 503, 404, 404, 404]],
  ['all from the fourth on', { nth: 4, times: 'all' }, [404, 404, 404, 503, 503, 503]],
] as const)('a fault hits %s', async (_, counts, statuses) => {
  await using t = await testCloud();
  t.cloud.addFaults({ ...call, ...counts });

  const answers = [
    await t.call('GET', 'services/web'),
    await t.call('GET', 'services/web'),
    await t.call('GET', 'services/web'),
    await t.call('GET', 'services/web'),
    await t.call('GET', 'services/web'),
    await t.call('GET', 'services/web'),
  ];

  expect(answers.map(({ status }) => status)).toEqual(statuses);
});

test('the faults in force are listed with how often each was met and has hit, and leave one by one', async () => {
  await using t = await testCloud();
  const faults = `${t.cloud.url}/-/faults`;
  await fetch(faults, {
    method: 'POST',
    body: JSON.stringify([call, { match: {}, effect: 'restart', nth: 9 }]),
  });
  await t.call('GET', 'services/web');
  await t.call('GET', 'services/web');

  const listed: unknown = await (await fetch(faults)).json();
  const removed = await fetch(`${faults}/f1`, { method: 'DELETE' });
  const again = await fetch(`${faults}/f1`, { method: 'DELETE' });

  expect(listed).toEqual({
    faults: [
      { id: 'f1', ...call, seen: 2, hits: 1 },
      { id: 'f2', match: {}, effect: 'restart', nth: 9, seen: 2, hits: 0 },
    ],
  });
  expect([removed.status, again.status]).toEqual([200, 404]);
  expect(t.cloud.faults().map(({ id }) => id)).toEqual(['f2']);
});

test.each([
  [400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.'],
  [
    403,
    'PERMISSION_DENIED',
    "Permission 'run.services.get' denied on resource '//run.googleapis.com/projects/p/locations/r/services/web' (or resource may not exist).",
  ],
  [404, 'NOT_FOUND', "Resource 'web' of kind 'SERVICE' in region 'r' in project 'p' does not exist."],
  [409, 'ABORTED', 'The operation was aborted.'],
  [412, 'FAILED_PRECONDITION', 'At least one of the pre-conditions you specified did not hold.'],
  [
    429,
    'RESOURCE_EXHAUSTED',
    expect.stringMatching(
      /^Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per region' of service 'run\.googleapis\.com' for consumer 'project_number:\d{12}'\.$/,
    ),
  ],
  [500, 'INTERNAL', 'Internal error encountered.'],
  [503, 'UNAVAILABLE', 'The service is currently unavailable.'],
  [504, 'DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.'],
])('a fault that says %d alone answers as Cloud Run does', async (status, code, message) => {
  await using t = await testCloud();
  t.cloud.addFaults({ match: { path: 'services/web' }, effect: 'status', status });

  const answer = await t.call('GET', 'services/web');

  expect(answer).toMatchObject({ status, body: { error: { code: status, status: code, message } } });
});

test('a refusal tells when to come back if the fault says so', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({ match: {}, effect: 'status', status: 429, retryAfter: 7, times: 2 });

  const answer = await fetch(`${t.cloud.url}/v2/projects/p/locations/r/services`);

  expect(answer.headers.get('retry-after')).toBe('7');
});

test('a delayed call is taken up when its time has come', async () => {
  const clock = testClock();
  await using t = await testCloud({ clock });
  t.cloud.addFaults({ match: { method: 'GET' }, effect: 'delay', delayMs: 5000 });
  const answered: string[] = [];

  const slow = t.call('GET', 'services').then(() => answered.push('slow'));
  await clock.asleep(5000);
  await t.call('GET', 'services').then(() => answered.push('quick'));
  await clock.advance(5000);
  await slow;

  expect(answered).toEqual(['quick', 'slow']);
});

test('an operation that hangs is never done, though what it stands for happens', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({ match: { method: 'POST', path: 'serviceId=' }, effect: 'operation-hangs' });

  const created = await t.call('POST', 'services?serviceId=web', serviceBody());
  await t.cloud.idle();
  const operation = created.body.name?.split('/').slice(4).join('/') ?? '';
  const waited = await t.call('POST', `${operation}:wait`, { timeout: '0.01s' });

  expect(created.status).toBe(200);
  expect(waited.status).toBe(200);
  expect(waited.body.done).toBeUndefined();
  expect((await t.call('GET', operation)).body.done).toBeUndefined();
  expect((await t.call('GET', 'services/web')).body.terminalCondition?.state).toBe('CONDITION_SUCCEEDED');
});

test('an operation that is lost is unknown to all who ask, though what it stands for happens', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({ match: { method: 'POST', path: 'serviceId=' }, effect: 'operation-lost' });

  const waited = await t.write('POST', 'services?serviceId=web', serviceBody());
  await t.cloud.idle();

  expect(waited.status).toBe(404);
  expect((await t.call('GET', 'services/web')).body.terminalCondition?.state).toBe('CONDITION_SUCCEEDED');
  expect((await t.call('GET', 'operations')).body).toEqual({});
});

test('a list that lags lacks what is young, and what is asked for by name is there', async () => {
  const clock = testClock();
  await using t = await testCloud({ clock });
  await t.write('POST', 'services?serviceId=old', serviceBody());
  await clock.advance(60_000);
  await t.write('POST', 'services?serviceId=young', serviceBody());
  t.cloud.addFaults({ match: { path: '/services$' }, effect: 'stale-list', seconds: 30 });

  const stale = await t.call('GET', 'services');
  const fresh = await t.call('GET', 'services');

  expect(names(stale.body.services)).toEqual(['old']);
  expect(names(fresh.body.services)).toEqual(['young', 'old']);
  expect((await t.call('GET', 'services/young')).status).toBe(200);
});

test('a rate of calls is a budget that each minute fills again', async () => {
  const clock = testClock();
  await using t = await testCloud({ clock });
  const budget: Fault = { match: { method: 'GET', path: '^/v2/' }, effect: 'rate-limit', perMinute: 2 };
  t.cloud.addFaults(budget);

  const statuses = async () => [
    (await t.call('GET', 'services')).status,
    (await t.call('GET', 'services')).status,
    (await t.call('GET', 'services')).status,
  ];
  const first = await statuses();
  await clock.advance(60_000);

  expect(first).toEqual([200, 200, 429]);
  expect(await statuses()).toEqual([200, 200, 429]);
});

function names(items: readonly { readonly name?: string }[] | undefined): readonly (string | undefined)[] {
  return (items ?? []).map(({ name }) => name?.split('/').at(-1));
}
