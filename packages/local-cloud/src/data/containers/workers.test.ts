import { createServer } from 'node:http';

import { describe, expect, test } from '@jest/globals';

import type { WorkerSpec } from '../../data-plane.ts';
import { dataPlaneOver, type DataPlaneOptions } from '../plane.ts';
import { testId } from '../test-bench.ts';
import { type Program, testEngine } from '../test-engine.ts';
import { logWatch } from '../test-log.ts';
import type { Launch } from './engine.ts';

const workerPool = 'projects/p/locations/r/workerPools/mill';

function workers(short: string, changes: Partial<WorkerSpec['containers'][number]> = {}): WorkerSpec {
  const container = { containerName: 'mill-1', image: short, command: [], args: [], env: {}, files: {} };
  return { name: `${workerPool}/revisions/${short}`, workerPool, containers: [{ ...container, ...changes }] };
}

const works: Program = () => ({ server: createServer() });

async function mill(options: Partial<DataPlaneOptions> = {}) {
  const engine = testEngine(works);
  const plane = await dataPlaneOver(engine, { id: testId, settleMs: 0, ...options });
  return { engine, plane, [Symbol.asyncDispose]: plane.close };
}

/** Images of what was started, in that order. */
function images(launches: readonly Launch[]): readonly string[] {
  return launches.map(({ container }) => container.image);
}

async function launched(launches: readonly Launch[], count: number): Promise<void> {
  while (launches.length < count) await new Promise((resolve) => setImmediate(resolve));
}

test('a revision starts with one instance, and has as many as the pool says', async () => {
  await using at = await mill();

  const outcome = await at.plane.startWorkers(workers('mill-1'));
  const first = at.engine.launches.length;
  at.plane.setWorkers(workerPool, [{ revision: workers('mill-1').name, instances: 3 }]);
  await launched(at.engine.launches, 3);

  expect([outcome, first]).toEqual([{ kind: 'ready' }, 1]);
  expect(at.engine.launches[0]?.container.env).toEqual({
    CLOUD_RUN_WORKER_POOL: 'mill',
    CLOUD_RUN_REVISION: 'mill-1',
  });
});

test('revisions that are not named have none any more', async () => {
  const log = logWatch();
  await using at = await mill({ onLog: log.onLog });
  await at.plane.startWorkers(workers('mill-1'));
  at.plane.setWorkers(workerPool, [{ revision: workers('mill-1').name, instances: 1 }]);

  await at.plane.startWorkers(workers('mill-2'));
  at.plane.setWorkers(workerPool, [{ revision: workers('mill-2').name, instances: 1 }]);
  await log.line(/^mill-1: Container terminated on signal SIGTERM\./);

  expect(images(at.engine.launches)).toEqual(['mill-1', 'mill-2']);
});

test('an instance that ends is started again', async () => {
  await using at = await mill();
  await at.plane.startWorkers(workers('mill-1'));
  at.plane.setWorkers(workerPool, [{ revision: workers('mill-1').name, instances: 1 }]);

  at.engine.kill(0);
  await launched(at.engine.launches, 2);

  expect(images(at.engine.launches)).toEqual(['mill-1', 'mill-1']);
});

test('a revision that an earlier run knew is started when the pool has instances of it', async () => {
  await using at = await mill();
  const spec = workers('mill-1');

  at.plane.setWorkers(workerPool, [{ revision: spec.name, instances: 2, spec }]);
  await launched(at.engine.launches, 2);

  expect(images(at.engine.launches)).toEqual(['mill-1', 'mill-1']);
});

describe('a revision fails', () => {
  test('whose container ends at once', async () => {
    await using at = await mill({ settleMs: 60_000 });

    const outcome = at.plane.startWorkers(workers('mill-1'));
    await launched(at.engine.launches, 1);
    at.engine.kill(0);

    expect(await outcome).toEqual({
      kind: 'failed',
      reason: 'HEALTH_CHECK_CONTAINER_ERROR',
      message: 'Application failed to start: Container called exit(1).',
    });
    expect(at.plane.logs({ revision: workers('mill-1').name })).toMatchObject([
      { text: 'Starting new instance.' },
      { text: 'Container called exit(1).' },
      { text: 'Application failed to start: Container called exit(1).' },
    ]);
  });

  test('whose startup probe does not pass', async () => {
    await using at = await mill();
    const startupProbe = { kind: 'tcp', port: 1, periodSeconds: 0.1, failureThreshold: 1 } as const;

    const outcome = await at.plane.startWorkers(workers('mill-1', { startupProbe }));

    expect(outcome).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(
        /^The user-provided container failed the configured startup probe checks\. /,
      ),
    });
  });
});

test('a pool that is removed has nothing left, and is not started again', async () => {
  await using at = await mill();
  await at.plane.startWorkers(workers('mill-1'));
  at.plane.setWorkers(workerPool, [{ revision: workers('mill-1').name, instances: 1 }]);

  await at.plane.removeWorkerPool(workerPool);
  at.plane.setWorkers(workerPool, [{ revision: workers('mill-1').name, instances: 1 }]);

  expect(at.plane.logs({ revision: workers('mill-1').name }).at(-1)?.text).toBe(
    'Container terminated on signal SIGTERM.',
  );
  expect(at.engine.launches).toHaveLength(1);
});

test('where containers are only played, no probe is asked', async () => {
  await using at = await mill({ isPlayed: true });

  const outcome = await at.plane.startWorkers(workers('mill-1', { startupProbe: { kind: 'tcp', port: 1 } }));

  expect(outcome).toEqual({ kind: 'ready' });
});

test('an instance that is too many and cannot be stopped is told of in the log', async () => {
  const log = logWatch();
  const engine = testEngine(works);
  let isBroken = true;
  const plane = await dataPlaneOver(
    {
      ...engine,
      start: async (launch) => {
        const instance = await engine.start(launch);
        const stop = () => (isBroken ? Promise.reject(new Error('the engine is gone')) : instance.stop());
        return { ...instance, stop };
      },
    },
    { id: testId, settleMs: 0, onLog: log.onLog },
  );
  const revision = workers('mill-1');
  await plane.startWorkers(revision);
  plane.setWorkers(workerPool, [{ revision: revision.name, instances: 0 }]);

  await log.line(/^mill-1: What is left of the instance could not be removed: the engine is gone/);
  isBroken = false;
  await plane.close();
});
