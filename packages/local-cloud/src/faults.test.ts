import { request } from 'node:http';

import { expect, test } from '@jest/globals';

import { serviceBody, testCloud } from './test-client.ts';

const post = (url: string, body: unknown) =>
  fetch(`${url}/-/faults`, { method: 'POST', body: JSON.stringify(body) });

test('a dropped reply leaves the write applied', async () => {
  await using t = await testCloud();
  await post(t.cloud.url, [{ match: { method: 'POST', path: 'serviceId=web' }, effect: 'drop-reply' }]);

  await expect(t.call('POST', 'services?serviceId=web', serviceBody())).rejects.toThrow();

  expect((await t.call('GET', 'services/web')).status).toBe(200);
});

test('a connection that breaks before leaves nothing applied', async () => {
  await using t = await testCloud();
  await post(t.cloud.url, { match: { method: 'POST' }, effect: 'fail-before' });

  await expect(t.call('POST', 'services?serviceId=web', serviceBody())).rejects.toThrow();

  expect((await t.call('GET', 'services/web')).status).toBe(404);
});

test('apply-then-503 answers 503 for a write that was applied', async () => {
  await using t = await testCloud();
  await post(t.cloud.url, { match: { method: 'POST' }, effect: 'apply-then-503' });

  const answer = await t.call('POST', 'services?serviceId=web', serviceBody());

  expect(answer).toMatchObject({ status: 503, body: { error: { status: 'UNAVAILABLE' } } });
  expect((await t.call('GET', 'services/web')).status).toBe(200);
});

test('a status hits the nth matching call as often as it is told, and is listed', async () => {
  await using t = await testCloud();
  await post(t.cloud.url, {
    match: { path: '/services/web$' },
    nth: 2,
    times: 2,
    effect: 'status',
    status: 429,
    message: 'slow down',
  });

  const statuses = [
    await t.call('GET', 'services/web'),
    await t.call('GET', 'services/web'),
    await t.call('GET', 'services/web'),
    await t.call('GET', 'services/web'),
  ].map(({ status }) => status);
  const calls: unknown = await (await fetch(`${t.cloud.url}/-/calls`)).json();

  expect(statuses).toEqual([404, 429, 429, 404]);
  expect(calls).toEqual({
    calls: statuses.map((status) => ({
      method: 'GET',
      path: '/v2/projects/p/locations/r/services/web',
      rpc: 'google.cloud.run.v2.Services.GetService',
      permission: 'run.services.get',
      status,
      durationMs: expect.any(Number),
      timeMs: expect.any(Number),
      ...(status === 429 ? { fault: 'status' } : {}),
    })),
  });
});

test('faults that are cleared hit nothing', async () => {
  await using t = await testCloud();
  await post(t.cloud.url, { match: {}, effect: 'status', status: 500, times: 100 });

  await fetch(`${t.cloud.url}/-/faults`, { method: 'DELETE' });

  expect((await t.call('GET', 'services/web')).status).toBe(404);
});

test('a revision is told to fail by its image, and the first deployment then serves nothing', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({
    match: { image: 'localhost:5000/web' },
    effect: 'start-fails',
    message: 'It crashed.',
  });

  const created = await t.write('POST', 'services?serviceId=web', serviceBody());
  const service = await t.call('GET', 'services/web');

  expect(created.body.error).toMatchObject({
    code: 9,
    message: expect.stringContaining('It crashed.'),
  });
  expect(service.body.uri).toBeUndefined();
  expect(service.body.terminalCondition?.state).toBe('CONDITION_FAILED');
});

test.each([
  ['no effect', { match: {} }],
  ['an unknown effect', { match: {}, effect: 'explode' }],
  ['no match', { effect: 'status' }],
  ['a path that is no expression', { match: { path: '(' }, effect: 'status' }],
])('%s is no fault', async (_, fault) => {
  await using t = await testCloud();

  const answer = await post(t.cloud.url, fault);

  expect(answer.status).toBe(400);
});

test.each([
  ['JSON that is none', '{'],
  ['a list', '[]'],
  ['a number', '1'],
  ['null', 'null'],
])('%s as a body is the fault of the caller', async (_, body) => {
  await using t = await testCloud();

  const answer = await fetch(`${t.cloud.url}/v2/projects/p/locations/r/services?serviceId=web`, {
    method: 'POST',
    body,
  });

  expect(answer.status).toBe(400);
});

test('a body of more than 64 MiB is refused with 413', async () => {
  await using t = await testCloud();

  const answer = await fetch(`${t.cloud.url}/upload/storage/v1/b/graphs/o?uploadType=media&name=a`, {
    method: 'POST',
    body: Buffer.alloc(64 * 1024 * 1024 + 1),
  });

  expect(answer.status).toBe(413);
});

test('a path that is wrongly encoded is the fault of the caller', async () => {
  await using t = await testCloud();

  expect((await fetch(`${t.cloud.url}/v2/%E0%A4%A`)).status).toBe(400);
});

test.each([
  ['another name', { host: 'evil.example' }],
  ['another port', { host: '127.0.0.1:1' }],
  ['a page of another origin', { origin: 'http://evil.example' }],
])('a call from %s is refused', async (_, headers) => {
  await using t = await testCloud();

  const status = await new Promise<number | undefined>((resolve, reject) => {
    request(`${t.cloud.url}/v2/projects/p/locations/r/services`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });

  expect(status).toBe(403);
});
