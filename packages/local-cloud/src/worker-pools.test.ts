import { expect, test } from '@jest/globals';

import { testCloud, type TestCloud } from './test-client.ts';

const LATEST = 'INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST';
const REVISION = 'INSTANCE_SPLIT_ALLOCATION_TYPE_REVISION';
const NAME = 'projects/p/locations/r/workerPools/mill';
const template = (changes: object = {}) => ({ containers: [{ image: 'localhost:5000/mill' }], ...changes });

function create(t: TestCloud, body: object = { template: template() }) {
  return t.write('POST', 'workerPools?workerPoolId=mill', body);
}

test('a worker pool is ready when its operation is done', async () => {
  await using t = await testCloud();

  const made = await create(t);
  const got = await t.call('GET', 'workerPools/mill');

  expect(made.body.response).toMatchObject({ '@type': 'type.googleapis.com/google.cloud.run.v2.WorkerPool' });
  expect(got.body).toMatchObject({
    name: NAME,
    generation: '1',
    observedGeneration: '1',
    scaling: { manualInstanceCount: 1 },
    terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
    instanceSplits: [{ type: LATEST, percent: 100 }],
    instanceSplitStatuses: [{ type: LATEST, percent: 100 }],
    latestReadyRevision: expect.stringMatching(/\/workerPools\/mill\/revisions\/mill-00001-\w{3}$/),
  });
});

test('another template makes a revision, another count does not', async () => {
  await using t = await testCloud();
  await create(t);

  await t.write('PATCH', 'workerPools/mill?updateMask=scaling', { scaling: { manualInstanceCount: 3 } });
  await t.write('PATCH', 'workerPools/mill?updateMask=template', {
    template: template({ revision: 'mill-two', labels: { v: '2' } }),
  });
  const pool = await t.call('GET', 'workerPools/mill');
  const revisions = await t.call('GET', 'workerPools/mill/revisions');

  expect(pool.body).toMatchObject({
    generation: '3',
    scaling: { manualInstanceCount: 3 },
    latestCreatedRevision: `${NAME}/revisions/mill-two`,
  });
  expect(revisions.body.revisions?.map(({ name }) => name?.split('/').at(-1))).toEqual([
    'mill-two',
    expect.stringMatching(/^mill-00001-/),
  ]);
});

test('forceNewRevision makes a revision of the same template', async () => {
  await using t = await testCloud();
  await create(t);

  await t.write('PATCH', 'workerPools/mill?forceNewRevision=true', { template: template() });
  const revisions = await t.call('GET', 'workerPools/mill/revisions');

  expect(revisions.body.revisions).toHaveLength(2);
});

test('instances are split between revisions that exist', async () => {
  await using t = await testCloud();
  await create(t, { template: template({ revision: 'mill-one' }) });

  const split = await t.write('PATCH', 'workerPools/mill?updateMask=template,instanceSplits', {
    template: template({ revision: 'mill-two', labels: { v: '2' } }),
    instanceSplits: [
      { type: REVISION, revision: 'mill-one', percent: 80 },
      { type: REVISION, revision: 'mill-two', percent: 20 },
    ],
  });

  expect(split.body.response).toMatchObject({
    instanceSplitStatuses: [
      { revision: 'mill-one', percent: 80 },
      { revision: 'mill-two', percent: 20 },
    ],
  });
});

test.each<[string, object, RegExp]>([
  [
    'a sum that is not 100',
    { instanceSplits: [{ type: LATEST, percent: 60 }] },
    /instance_splits: .* sum to 60/,
  ],
  [
    'a revision that is not there',
    { instanceSplits: [{ type: REVISION, revision: 'mill-nine', percent: 100 }] },
    /instance_splits\[0\]\.revision: Revision 'mill-nine' does not exist/,
  ],
  [
    'a revision beside "latest"',
    { instanceSplits: [{ type: LATEST, revision: 'mill-one', percent: 100 }] },
    /instance_splits\[0\]\.revision: must be empty/,
  ],
  ['a negative count', { scaling: { manualInstanceCount: -1 } }, /scaling\.manual_instance_count/],
  ['no template', { template: null }, /worker_pool\.template: should be set/],
  ['no container', { template: {} }, /worker_pool\.template\.containers: should be set/],
  ['a port as traffic', { traffic: [] }, /Unknown name "traffic" at 'worker_pool'/],
])('%s is refused and creates nothing', async (_, changes, message) => {
  await using t = await testCloud();

  const refused = await create(t, { template: template(), ...changes });
  const pools = await t.call('GET', 'workerPools');
  const revisions = await t.call('GET', 'workerPools/-/revisions');

  expect(refused).toMatchObject({ status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } });
  expect(refused.body.error?.message).toMatch(message);
  expect([pools.body, revisions.body]).toEqual([{}, {}]);
});

test('a stale etag is refused', async () => {
  await using t = await testCloud();
  const made = await create(t);
  const labels = (label: string) => ({ labels: { label }, etag: made.body.response?.etag });
  await t.write('PATCH', 'workerPools/mill?updateMask=labels', labels('one'));

  const stale = await t.write('PATCH', 'workerPools/mill?updateMask=labels', labels('two'));

  expect(stale).toMatchObject({ status: 409, body: { error: { status: 'ABORTED' } } });
});

test('a patch of a missing pool creates it with allowMissing alone', async () => {
  await using t = await testCloud();

  const refused = await t.write('PATCH', 'workerPools/mill', { template: template() });
  const made = await t.write('PATCH', 'workerPools/mill?allowMissing=true', { template: template() });

  expect(refused.status).toBe(404);
  expect(made.body.response?.name).toBe(NAME);
});

test('a revision in use cannot be deleted, an older one can', async () => {
  await using t = await testCloud();
  await create(t, { template: template({ revision: 'mill-one' }) });
  await t.write('PATCH', 'workerPools/mill', {
    template: template({ revision: 'mill-two', labels: { v: '2' } }),
  });

  const inUse = await t.call('DELETE', 'workerPools/mill/revisions/mill-two');
  const older = await t.write('DELETE', 'workerPools/mill/revisions/mill-one');

  expect(inUse.body.error?.status).toBe('FAILED_PRECONDITION');
  expect(older.body.done).toBe(true);
  expect((await t.call('GET', 'workerPools/mill/revisions/mill-one')).status).toBe(404);
});

test('a deleted pool leaves nothing behind', async () => {
  await using t = await testCloud();
  await create(t);

  await t.write('DELETE', 'workerPools/mill');

  expect((await t.call('GET', 'workerPools/mill')).status).toBe(404);
  expect((await t.call('GET', 'workerPools/mill/revisions')).body).toEqual({});
});

test('validateOnly checks a pool and stores none', async () => {
  await using t = await testCloud();

  const checked = await t.call('POST', 'workerPools?workerPoolId=mill&validateOnly=true', {
    template: template(),
  });

  expect(checked.body.metadata).toMatchObject({ name: NAME });
  expect((await t.call('GET', 'workerPools')).body).toEqual({});
});
