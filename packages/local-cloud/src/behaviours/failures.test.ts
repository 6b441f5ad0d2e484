import { expect, test } from '@jest/globals';

import { serviceBody, testCloud } from '../test-client.ts';
import { testClock } from '../test-clock.ts';
import { operationPath } from './scene.ts';

const job = { template: { template: { containers: [{ image: 'localhost:5000/migrate' }] } } };

test('(12) a wait ends with its timeout and answers the operation undone', async () => {
  const clock = testClock();
  await using t = await testCloud({ clock });
  t.cloud.addFaults({ match: {}, effect: 'task-hangs' });
  await t.write('POST', 'jobs?jobId=migrate', job);
  const run = await t.call('POST', 'jobs/migrate:run', {});

  const waiting = t.call('POST', `${operationPath(run)}:wait`, { timeout: '30s' });
  await clock.asleep(30_000);
  await clock.advance(30_000);
  const waited = await waiting;

  expect(waited).toMatchObject({ status: 200, body: { name: run.body.name } });
  expect(waited.body.done).toBeUndefined();
});

test('(12) a wait ends as soon as the operation is done', async () => {
  await using t = await testCloud({ clock: testClock() });
  const created = await t.call('POST', 'services?serviceId=web', serviceBody());

  const waited = await t.call('POST', `${operationPath(created)}:wait`, { timeout: '600s' });

  expect(waited.body.done).toBe(true);
});

test.each([
  { kind: 'Read', rates: { readsPerMinute: 1 }, method: 'GET', path: 'jobs' },
  {
    kind: 'Write',
    rates: { writesPerMinute: 1 },
    method: 'POST',
    path: 'jobs?jobId=migrate&validateOnly=true',
    body: job,
  },
])(
  '(14) $kind requests beyond their rate are 429 until the next minute',
  async ({ kind, rates, method, path, body }) => {
    const clock = testClock();
    await using t = await testCloud({ clock, rates });

    const first = await t.call(method, path, body);
    const second = await t.call(method, path, body);
    await clock.advance(60_000);
    const third = await t.call(method, path, body);

    expect([first.status, second.status, third.status]).toEqual([200, 429, 200]);
    expect(second.body.error).toMatchObject({
      status: 'RESOURCE_EXHAUSTED',
      message: expect.stringMatching(
        new RegExp(
          `^Quota exceeded for quota metric '${kind} requests' and limit '${kind} requests per minute per region' of service 'run\\.googleapis\\.com' for consumer 'project_number:\\d+'\\.$`,
        ),
      ),
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMIT_EXCEEDED' },
        { '@type': 'type.googleapis.com/google.rpc.Help' },
      ],
    });
  },
);

test('(15) 503 comes in bursts and passes, and what was refused was not done', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({ match: { method: 'POST' }, effect: 'status', status: 503, times: 2 });
  const create = () => t.call('POST', 'jobs?jobId=migrate', job);

  const statuses = [(await create()).status, (await create()).status, (await create()).status];

  expect(statuses).toEqual([503, 503, 200]);
});

test('(16) operations are forgotten by a restart, what they stand for is not', async () => {
  await using t = await testCloud();
  const created = await t.call('POST', 'services?serviceId=web', serviceBody());
  t.cloud.addFaults({ match: { path: '/operations/' }, effect: 'restart' });

  const polled = await t.call('GET', operationPath(created));
  await t.cloud.idle();

  expect(polled).toMatchObject({ status: 404, body: { error: { status: 'NOT_FOUND' } } });
  expect((await t.call('GET', 'services/web')).body.terminalCondition?.state).toBe('CONDITION_SUCCEEDED');
  expect((await t.write('DELETE', 'services/web')).body.done).toBe(true);
});

test('(17) a write whose client dies before it waits goes on and can be found again by its revision', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({ match: { method: 'PATCH' }, effect: 'drop-reply' });
  const body = serviceBody({
    template: { revision: 'web-one', containers: [{ image: 'localhost:5000/web' }] },
  });

  await expect(t.call('PATCH', 'services/web?allowMissing=true', body)).rejects.toThrow();
  await t.cloud.idle();
  const [operation] = (await t.call('GET', 'operations')).body.operations ?? [];
  const again = await t.write('PATCH', 'services/web?allowMissing=true', body);

  expect(operation).toMatchObject({ done: true, response: { generation: '1' } });
  expect(again.body.response).toMatchObject({
    generation: '2',
    latestReadyRevision: expect.stringMatching(/web-one$/),
  });
  expect((await t.call('GET', 'services/web/revisions')).body.revisions).toHaveLength(1);
});

test('(18) a cancelled execution is done with a response and no error: its counts and condition tell', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({ match: {}, effect: 'task-hangs' });
  await t.write('POST', 'jobs?jobId=migrate', job);
  const run = await t.call('POST', 'jobs/migrate:run', {});
  const execution = run.body.metadata?.name?.split('/').slice(4).join('/') ?? '';

  await t.write('POST', `${execution}:cancel`, {});
  const done = await t.call('POST', `${operationPath(run)}:wait`, {});

  expect(done.body).toMatchObject({
    done: true,
    response: {
      cancelledCount: 1,
      conditions: expect.arrayContaining([
        expect.objectContaining({
          type: 'Completed',
          state: 'CONDITION_FAILED',
          executionReason: 'CANCELLED',
        }),
      ]),
    },
  });
  expect(done.body.error).toBeUndefined();
});
