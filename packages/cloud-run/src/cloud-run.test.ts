import { describe, expect, test } from '@jest/globals';
import { recordingContext } from '@fairlead/action-kit';
import { type LocalCloud, startLocalCloud } from '@fairlead/local-cloud';
import { cloudRun, type CloudRun, readinessOf } from './index.ts';

const name = { project: 'acme', region: 'us-central1', service: 'agent' };
const job = { project: 'acme', region: 'us-central1', job: 'migrate' };
const container = { image: `localhost:5000/agent@sha256:${'a'.repeat(64)}` };

async function scene() {
  const cloud = await startLocalCloud({ containers: 'none' });
  const context = recordingContext({ env: { CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: cloud.url } });
  return { cloud, run: cloudRun(context), [Symbol.asyncDispose]: cloud.close };
}

async function created(run: CloudRun) {
  const change = { template: { revision: 'agent-1', containers: [container] } };
  const settled = await run.settle(name, {
    written: await run.createService(name, change),
    deadlineMs: 10_000,
  });
  if (settled.kind !== 'settled') throw new Error(`expected a service, got ${settled.kind}`);
  return settled.service;
}

test('a service that does not exist is absent', async () => {
  await using world = await scene();

  expect(await world.run.getService(name)).toBeUndefined();
});

test('a service is created, waited for and read with names instead of paths', async () => {
  await using world = await scene();

  const service = await created(world.run);

  expect(service).toMatchObject({
    name: 'projects/acme/locations/us-central1/services/agent',
    latestReadyRevision: 'agent-1',
    generation: 1,
    observedGeneration: 1,
    reconciling: false,
    trafficStatuses: [{ percent: 100 }],
  });
  expect(readinessOf((await world.run.getRevision(name, 'agent-1')) ?? { conditions: [] })).toEqual({
    kind: 'ready',
  });
});

test('an operation that the server forgot is answered by the service itself', async () => {
  await using world = await scene();
  await created(world.run);
  world.cloud.addFaults({ match: { path: ':wait' }, times: 99, effect: 'status', status: 404 });
  const { etag = '' } = (await world.run.getService(name)) ?? {};
  const change = { annotations: { a: 'b' } };

  const written = await world.run.patchService(name, { etag, change });
  const settled = await world.run.settle(name, { written, deadlineMs: 10_000 });

  expect(settled).toMatchObject({ kind: 'settled', service: { annotations: { a: 'b' } } });
});

test('a write under an old etag is refused and changes nothing', async () => {
  await using world = await scene();
  const { etag } = await created(world.run);
  await world.run.patchService(name, { etag, change: { annotations: { first: '1' } } });

  await expect(
    world.run.patchService(name, { etag, change: { annotations: { second: '2' } } }),
  ).rejects.toThrow(/409 ABORTED: Conflict for resource 'agent'/);
  expect((await world.run.getService(name))?.annotations).toEqual({ first: '1' });
});

describe('a write whose reply is lost while somebody else writes', () => {
  test('is reported as a conflict instead of being sent again', async () => {
    await using world = await scene();
    const { etag } = await created(world.run);
    world.cloud.addFaults({ match: { method: 'PATCH' }, effect: 'fail-before' });
    const other = overwrite(world.cloud);

    await expect(
      other.then(() => world.run.patchService(name, { etag, change: { annotations: { ours: '1' } } })),
    ).rejects.toThrow('the reply was lost, and somebody else changed it meanwhile');
  });
});

/** A person's write without etag; the first one breaks, as the fault says, and is repeated. */
async function overwrite(cloud: LocalCloud): Promise<void> {
  const url = `${cloud.url}/v2/projects/acme/locations/us-central1/services/agent?updateMask=annotations`;
  const body = JSON.stringify({ annotations: { theirs: '1' } });
  const write = () => fetch(url, { method: 'PATCH', body, headers: { 'content-type': 'application/json' } });
  await write().catch(write);
  cloud.addFaults({ match: { method: 'PATCH' }, effect: 'fail-before' });
}

test('a deleted revision may be deleted again', async () => {
  await using world = await scene();
  await created(world.run);

  await expect(world.run.deleteRevision(name, 'agent-0')).resolves.toBeUndefined();
});

describe('a job', () => {
  const change = { template: { template: { containers: [container], maxRetries: 0 } } };

  async function withJob(run: CloudRun) {
    const written = await run.createJob(job, change);
    if (written.kind === 'operation') await run.waitOperation(written.operation, 10_000);
    const found = await run.getJob(job);
    if (found === undefined) throw new Error('expected a job');
    return found;
  }

  test('is created, run and read', async () => {
    await using world = await scene();
    const before = await withJob(world.run);

    const { execution, operation } = await world.run.runJob(job, { before });
    if (operation !== undefined) await world.run.waitOperation(operation, 10_000);

    expect(await world.run.getExecution(job, execution)).toMatchObject({ taskCount: 1, succeededCount: 1 });
    expect(await world.run.listTasks(job, execution)).toMatchObject([{ index: 0 }]);
  });

  test.each(['fail-before', 'drop-reply', 'apply-then-503'] as const)(
    'is run once although the reply is lost (%s)',
    async (effect) => {
      await using world = await scene();
      const before = await withJob(world.run);
      world.cloud.addFaults({ match: { path: ':run$' }, effect });

      const { execution } = await world.run.runJob(job, { before });

      expect((await world.run.listExecutions(job)).map((found) => found.name)).toEqual([execution]);
    },
  );

  test('is replaced once although the reply is lost', async () => {
    await using world = await scene();
    const { etag } = await withJob(world.run);
    world.cloud.addFaults({ match: { method: 'PATCH' }, effect: 'drop-reply' });

    const written = await world.run.patchJob(job, { etag, change: { ...change, annotations: { key: '1' } } });

    expect(written).toMatchObject({ kind: 'landed', live: { annotations: { key: '1' } } });
  });
});

describe('readiness', () => {
  test('of a retired revision is ready, although it is not active', () => {
    const conditions = [
      { type: 'Ready', state: 'SUCCEEDED', reason: 'RETIRED' },
      { type: 'Active', state: 'FAILED', severity: 'INFO', reason: 'RETIRED', message: 'Revision retired.' },
    ] as const;

    expect(readinessOf({ conditions })).toEqual({ kind: 'ready' });
  });

  test('of a failed revision tells the message of what failed', () => {
    const conditions = [
      { type: 'Ready', state: 'FAILED', reason: 'HEALTH_CHECK_CONTAINER_ERROR' },
      { type: 'ContainerHealthy', state: 'FAILED', reason: 'X', message: 'no port was opened' },
    ] as const;

    expect(readinessOf({ conditions })).toEqual({
      kind: 'failed',
      reason: 'X',
      message: 'no port was opened',
    });
  });
});
