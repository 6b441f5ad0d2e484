import { recordingContext, systemClock } from '@fairlead/action-kit';
import { cloudRun } from '@fairlead/cloud-run';
import { startLocalCloud } from '@fairlead/local-cloud';
import type { StagedUnit } from '@fairlead/rollout';
import { expect, test } from '@jest/globals';

import { gateHealth } from './gate-health.ts';

const SERVICE = { project: 'acme', region: 'us-central1', service: 'worker' };

const worker: StagedUnit = {
  ...SERVICE,
  unit: 'celery',
  kind: 'worker',
  revision: 'worker-aaaa',
  tag: 'c-1a2b3c4',
  image: 'r/worker@sha256:aa',
  version: 'main-1a2b3c4',
};

/** A local cloud on which the worker's revision was deployed. */
async function deployed(fault?: 'start-fails') {
  const cloud = await startLocalCloud({ containers: 'none' });
  if (fault !== undefined) cloud.addFaults({ match: { service: 'worker' }, effect: fault });
  const env = { CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: cloud.url };
  const contextFor = (staged: StagedUnit) =>
    recordingContext({
      inputs: { release: JSON.stringify([staged]), timeout: '2s' },
      env,
      clock: systemClock,
    });
  const run = cloudRun(contextFor(worker));
  const template = { revision: 'worker-aaaa', containers: [{ image: 'registry.example/worker' }] };
  const written = await run.createService(SERVICE, { template });
  await run.settle(SERVICE, { written, deadlineMs: 10_000 });
  return { cloud, contextFor, [Symbol.asyncDispose]: cloud.close };
}

test('a worker is as well as the condition Ready of its very revision (CR-16)', async () => {
  await using t = await deployed();
  const context = t.contextFor(worker);

  await gateHealth(context);

  expect(context.outputs['report']).toEqual([
    {
      name: 'celery',
      kind: 'worker',
      revision: 'worker-aaaa',
      verdict: { kind: 'healthy', provenBy: 'revision' },
      attempts: 1,
      checks: [],
    },
  ]);
});

test('a worker whose revision failed closes the gate with the reason', async () => {
  await using t = await deployed('start-fails');
  const context = t.contextFor(worker);

  await expect(gateHealth(context)).rejects.toThrow('1 of 1 is not healthy: celery');

  expect(context.logged.at(-1)?.message).toMatch(/^celery is unhealthy: HEALTH_CHECK_CONTAINER_ERROR: /);
});

test('a worker whose revision does not exist closes the gate', async () => {
  await using t = await deployed();
  const context = t.contextFor({ ...worker, revision: 'worker-bbbb' });

  await expect(gateHealth(context)).rejects.toThrow('1 of 1 is not healthy: celery');

  expect(context.logged.at(-1)?.message).toBe('celery is unhealthy: revision "worker-bbbb" does not exist');
});

test('an API that refuses makes the worker inconclusive, and the others are still named', async () => {
  await using t = await deployed();
  t.cloud.addFaults({ match: { path: 'revisions/' }, effect: 'status', status: 403, times: 9 });
  const context = t.contextFor(worker);

  await expect(gateHealth(context)).rejects.toThrow('1 of 1 is not healthy: celery');

  expect(context.outputs['verdict']).toBe('inconclusive');
  expect(context.logged.at(-1)?.message).toContain('the API answered 403');
});
