import { expect, test } from '@jest/globals';

import { UNBENT } from './bends.ts';
import { listExecutions } from './jobs/executions.ts';
import { createJob, runJob } from './jobs/jobs.ts';
import { CLOUD_RUN_LIMITS, type Limits } from './limits.ts';
import { createService } from './services/services.ts';
import { performAll } from './test-performer.ts';
import { snapshot, testWorld } from './test-world.ts';
import type { World } from './world.ts';

const parent = 'projects/p/locations/r';
const containers = [{ image: 'localhost/web', resources: { limits: { cpu: '2' } } }];

test.each([
  ['services', { services: 1 }, service, 'Quota violated: ServicesPerProjectRegion requested: 2 allowed: 1'],
  ['jobs', { jobs: 1 }, job, 'Quota violated: JobsPerProjectRegion requested: 2 allowed: 1'],
] as const)(
  '%s beyond their quota are refused, those of another region are not counted',
  (_, limits, add, says) => {
    const world = worldWith(limits);
    add(world, 'one', 'projects/p/locations/other');
    add(world, 'one');
    const before = snapshot(world);

    expect(() => add(world, 'two')).toThrow(says);
    expect(snapshot(world)).toEqual(before);
  },
);

test('a revision whose instances would take more CPU than is granted is refused', () => {
  const world = worldWith({ cpuMillis: 100_000 });

  expect(() => service(world, 'web')).toThrow(
    'Quota violated: CpuAllocPerProjectRegion requested: 200000 allowed: 100000',
  );
});

test('an execution beyond those that may run is refused until one has ended', () => {
  const world = worldWith({ runningExecutions: 1 });
  job(world, 'one');
  run(world);

  expect(() => run(world)).toThrow(
    'Quota violated: RunningExecutionsPerProjectRegion requested: 2 allowed: 1',
  );

  performAll(world);
  run(world);

  expect(world.executions.size).toBe(2);
});

test('of completed executions the newest are kept', () => {
  const world = worldWith({ completedExecutions: 2 });
  job(world, 'one');
  const runs = [1, 2, 3, 4].map(() => {
    const { metadata } = run(world);
    performAll(world);
    return (metadata as { readonly name: string }).name;
  });

  const { items } = listExecutions(world, `${parent}/jobs/one`, {});

  expect(items.map((item) => (item as { readonly name: string }).name)).toEqual([runs[3], runs[2]]);
});

function worldWith(limits: Partial<Limits>): World {
  return testWorld({}, { ...UNBENT, limits: () => ({ ...CLOUD_RUN_LIMITS, ...limits }) });
}

function service(world: World, serviceId: string, at: string = parent): void {
  createService(world, { parent: at, serviceId, service: { template: { containers } }, validateOnly: false });
}

function job(world: World, jobId: string, at: string = parent): void {
  const template = { template: { containers } };
  createJob(world, { parent: at, jobId, job: { template }, validateOnly: false });
}

function run(world: World): ReturnType<typeof runJob> {
  return runJob(world, { name: `${parent}/jobs/one`, validateOnly: false });
}
