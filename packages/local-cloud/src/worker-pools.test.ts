import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { testRegistry } from './data/test-registry.ts';
import { callApi } from './test-api.ts';
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

describe('with real containers', () => {
  interface Mill extends TestCloud {
    /** An image of this program. */
    readonly image: (program: string) => Promise<string>;
    /** What containers of pools have written, oldest first; asked until there is as much. */
    readonly lines: (count: number, filter?: string) => Promise<readonly Line[]>;
  }

  interface Line {
    readonly textPayload: string;
    readonly resource: object;
  }

  async function mill(state?: string): Promise<Mill> {
    const registry = await testRegistry();
    const t = await testCloud({ containers: 'process', ...(state === undefined ? {} : { state }) });
    const entries = async (filter: string) => {
      const listed = await callApi(t.cloud, {
        method: 'POST',
        path: '/v2/entries:list',
        body: {
          resourceNames: ['projects/p'],
          filter: `resource.type="cloud_run_worker_pool" AND ${filter}`,
          pageSize: 1000,
        },
        answers: 'google.logging.v2.ListLogEntriesResponse',
      });
      return (listed.body['entries'] ?? []) as readonly Line[];
    };
    return {
      ...t,
      image: (program) =>
        registry.add('mill', {
          layers: [{ 'app/main.mjs': program }],
          config: { Entrypoint: ['/usr/local/bin/node', '/app/main.mjs'] },
        }),
      lines: async (count, filter = 'logName:"stdout"') => {
        for (;;) {
          const found = await entries(filter);
          if (found.length >= count) return found;
        }
      },
      [Symbol.asyncDispose]: async () => {
        await t[Symbol.asyncDispose]();
        await registry[Symbol.asyncDispose]();
      },
    };
  }

  const grinds = `
    const { CLOUD_RUN_WORKER_POOL, CLOUD_RUN_REVISION, PORT = 'no port' } = process.env;
    console.log(CLOUD_RUN_WORKER_POOL, CLOUD_RUN_REVISION, PORT);
    process.on('SIGTERM', () => { console.log('ends', CLOUD_RUN_REVISION); process.exit(0); });
    setInterval(() => {}, 1000);
  `;

  test('a pool runs as many instances as it says, and none of the revision before', async () => {
    await using t = await mill();
    const image = await t.image(grinds);
    const body = (revision: string, manualInstanceCount: number) => ({
      template: { containers: [{ image }], revision, labels: { revision } },
      scaling: { manualInstanceCount },
    });

    const made = await create(t, body('mill-one', 2));
    const first = await t.lines(2);
    await t.write('PATCH', 'workerPools/mill', body('mill-two', 1));
    const ended = await t.lines(2, 'textPayload:"ends mill-one"');
    const pool = await t.call('GET', 'workerPools/mill');

    expect(made.body.response).toMatchObject({ terminalCondition: { state: 'CONDITION_SUCCEEDED' } });
    expect(first).toMatchObject([
      {
        textPayload: 'mill mill-one no port',
        resource: {
          type: 'cloud_run_worker_pool',
          labels: { project_id: 'p', location: 'r', worker_pool_name: 'mill', revision_name: 'mill-one' },
        },
      },
      { textPayload: 'mill mill-one no port' },
    ]);
    expect(ended).toHaveLength(2);
    expect(pool.body).toMatchObject({
      latestReadyRevision: `${NAME}/revisions/mill-two`,
      observedGeneration: '2',
    });
  });

  test('a revision that does not start fails its write, and the one before goes on', async () => {
    await using t = await mill();
    const good = await t.image(grinds);
    const bad = await t.image('process.exit(3)');
    await create(t, { template: { containers: [{ image: good }], revision: 'mill-good' } });

    const failed = await t.write('PATCH', 'workerPools/mill', {
      template: { containers: [{ image: bad }], revision: 'mill-bad' },
    });
    const pool = await t.call('GET', 'workerPools/mill');
    const revision = await t.call('GET', 'workerPools/mill/revisions/mill-bad');
    const ends = await t.lines(0, 'textPayload:"ends mill-good"');

    expect(failed.body.error?.message).toMatch(
      /^Revision 'mill-bad' is not ready and cannot serve traffic\. Application failed to start: Container called exit\(3\)\. Logs for this revision might contain more information\.\n\nLogs URL: \S+resource=cloud_run_worker_pool\/worker_pool_name\/mill\//,
    );
    expect(pool.body).toMatchObject({
      terminalCondition: { state: 'CONDITION_FAILED', revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR' },
      latestReadyRevision: `${NAME}/revisions/mill-good`,
      latestCreatedRevision: `${NAME}/revisions/mill-bad`,
      observedGeneration: '1',
    });
    expect(revision.body.conditions?.[0]).toMatchObject({ type: 'Ready', state: 'CONDITION_FAILED' });
    expect(ends).toEqual([]);
  });

  test('an image that is not there is told as Cloud Run does', async () => {
    await using t = await mill();
    const image = (await t.image('')).replace(/@.*|:[^:/]*$/, ':none');

    const failed = await create(t, { template: { containers: [{ image }] } });

    expect(failed.body.error?.message).toMatch(
      /^Revision 'mill-00001-\w+' is not ready and cannot serve traffic\. Image '\S+' not found\.$/,
    );
  });

  test('a deleted pool has ended when its operation is done', async () => {
    await using t = await mill();
    const image = await t.image(grinds);
    await create(t, { template: { containers: [{ image }], revision: 'mill-one' } });
    await t.lines(1);

    await t.write('DELETE', 'workerPools/mill');
    const ended = await t.lines(0, 'textPayload:"ends mill-one"');

    expect(ended).toHaveLength(1);
  });

  test('its workers run again after a restart of the cloud with its state', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fairlead-mill-'));
    await using registry = await testRegistry();
    const image = await registry.add('mill', {
      layers: [{ 'app/main.mjs': grinds }],
      config: { Entrypoint: ['/usr/local/bin/node', '/app/main.mjs'] },
    });
    const before = await mill(join(folder, 'state'));
    await create(before, { template: { containers: [{ image }], revision: 'mill-one' } });
    await before[Symbol.asyncDispose]();

    await using after = await mill(join(folder, 'state'));
    const lines = await after.lines(1);
    const pool = await after.call('GET', 'workerPools/mill');
    await rm(folder, { recursive: true });

    expect(lines[0]).toMatchObject({ textPayload: 'mill mill-one no port' });
    expect(pool.body.terminalCondition).toMatchObject({ state: 'CONDITION_SUCCEEDED' });
  });
});

test('secrets that are not there fail the pool, and nothing is started', async () => {
  await using t = await testCloud();

  const failed = await create(t, {
    template: template({
      containers: [
        {
          image: 'localhost:5000/mill',
          env: [{ name: 'KEY', valueSource: { secretKeyRef: { secret: 'none', version: 'latest' } } }],
        },
      ],
    }),
  });

  expect(failed.body.error?.message).toMatch(
    /Secret projects\/\d+\/secrets\/none\/versions\/latest was not found/,
  );
});

test('a start that is to fail fails', async () => {
  await using t = await testCloud();
  t.cloud.addFaults({
    match: { service: 'workerPools/mill' },
    effect: 'start-fails',
    message: 'It is broken.',
  });

  const failed = await create(t);

  expect(failed.body.error?.message).toMatch(
    /^Revision 'mill-00001-\w+' is not ready and cannot serve traffic\. It is broken\./,
  );
});
