import { expect, test } from '@jest/globals';

import { type Body, serviceBody, type TestCloud, testCloud } from '../test-client.ts';

const job = { template: { template: { containers: [{ image: 'a/b' }] } } };
const pool = { template: { containers: [{ image: 'a/b' }] } };
const MONTH_SECONDS = 30 * 24 * 3600;

test.each([
  ['services', 'services?serviceId=one', serviceBody()],
  ['jobs', 'jobs?jobId=one', job],
  ['workerPools', 'workerPools?workerPoolId=one', pool],
])(
  'deleted %s are listed with the times of that when they are asked for',
  async (collection, create, body) => {
    await using t = await testCloud();
    const created = await t.write('POST', create, body);

    const deletion = await t.write('DELETE', `${collection}/one`);
    const got = await t.call('GET', `${collection}/one`);

    expect(got.status).toBe(404);
    expect(await list(t, collection)).toEqual([]);
    expect(await list(t, collection, '?showDeleted=true')).toMatchObject([
      {
        uid: created.body.response?.uid,
        deleteTime: deletion.body.response?.deleteTime,
        expireTime: deletion.body.response?.expireTime,
      },
    ]);
    expect(Date.parse(deletion.body.response?.expireTime ?? '')).toBe(
      Date.parse(deletion.body.response?.deleteTime ?? '') + MONTH_SECONDS * 1000,
    );
  },
);

test('what goes with a service or a job is listed under it, and under the wildcard', async () => {
  await using t = await testCloud();
  await t.write('POST', 'services?serviceId=web', serviceBody());
  await t.write('POST', 'jobs?jobId=tidy', job);
  await t.write('POST', 'workerPools?workerPoolId=pool', pool);
  await t.write('POST', 'jobs/tidy:run', {});

  await t.write('DELETE', 'services/web');
  await t.write('DELETE', 'jobs/tidy');

  expect(await list(t, 'services/web/revisions', '?showDeleted=true')).toMatchObject([
    { service: 'web', deleteTime: expect.any(String) },
  ]);
  expect(await list(t, 'services/-/revisions', '?showDeleted=true')).toHaveLength(1);
  expect(await list(t, 'services/-/revisions')).toEqual([]);
  expect(await list(t, 'jobs/tidy/executions', '?showDeleted=true')).toMatchObject([
    { job: 'tidy', succeededCount: 1, deleteTime: expect.any(String) },
  ]);
  expect(await list(t, 'workerPools/-/revisions', '?showDeleted=true')).toHaveLength(1);
});

test('a service that came back is listed beside the one that it follows, a page each', async () => {
  await using t = await testCloud();
  await t.write('POST', 'services?serviceId=web', serviceBody());
  await t.write('DELETE', 'services/web');
  await t.write('POST', 'services?serviceId=web', serviceBody());

  const first = await t.call('GET', 'services?showDeleted=true&pageSize=1');
  const token = first.body.nextPageToken ?? '';
  const second = await t.call('GET', `services?showDeleted=true&pageSize=1&pageToken=${token}`);

  expect(first.body.services?.map(({ deleteTime }) => deleteTime)).toEqual([undefined]);
  expect(second.body.services?.map(({ deleteTime }) => deleteTime)).toEqual([expect.any(String)]);
  expect(second.body.nextPageToken).toBeUndefined();
});

test('what was deleted is forgotten when it expires', async () => {
  await using t = await testCloud();
  await t.write('POST', 'services?serviceId=web', serviceBody());
  await t.write('DELETE', 'services/web');

  t.cloud.addFaults({ match: {}, effect: 'clock-skew', seconds: MONTH_SECONDS });

  expect(await list(t, 'services', '?showDeleted=true')).toEqual([]);
});

test('a deletion that only validates leaves everything as it is', async () => {
  await using t = await testCloud();
  await t.write('POST', 'services?serviceId=web', serviceBody());

  await t.call('DELETE', 'services/web?validateOnly=true');

  expect(await list(t, 'services', '?showDeleted=true')).toMatchObject([{ uid: expect.any(String) }]);
  expect((await list(t, 'services', '?showDeleted=true'))[0]?.deleteTime).toBeUndefined();
});

async function list(t: TestCloud, path: string, query = ''): Promise<readonly Body[]> {
  const { body } = await t.call('GET', `${path}${query}`);
  return Object.values(body).flat() as readonly Body[];
}
