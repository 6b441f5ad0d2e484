import { placeOf } from './names.ts';
import { quotaViolated } from './refusals.ts';
import type { RevisionTemplate } from './resources.ts';
import type { World } from './world.ts';

/** Throws when the region of a new service or job is full of its kind. */
export function checkRoom(world: World, kind: 'services' | 'jobs', name: string): void {
  const allowed = world.bends.limits()[kind];
  if (world[kind].size < allowed) return;
  const { parent } = placeOf(name);
  const inUse = [...world[kind].keys()].filter((other) => other.startsWith(`${parent}/`)).length;
  const quota = kind === 'services' ? 'ServicesPerProjectRegion' : 'JobsPerProjectRegion';
  if (inUse >= allowed) throw quotaViolated(quota, inUse + 1, allowed);
}

/** Throws when one more execution would run in the region than may. */
export function checkRunning(world: World, job: string): void {
  const allowed = world.bends.limits().runningExecutions;
  if (world.executions.size < allowed) return;
  const { parent } = placeOf(job);
  const running = [...world.executions.values()].filter(
    ({ name, completionMicros }) => completionMicros === undefined && name.startsWith(`${parent}/`),
  ).length;
  if (running >= allowed) throw quotaViolated('RunningExecutionsPerProjectRegion', running + 1, allowed);
}

/** Throws when all instances of a revision would take more CPU than the region grants. */
export function checkCpu(world: World, { containers = [], scaling }: RevisionTemplate): void {
  const allowed = world.bends.limits().cpuMillis;
  if (allowed === Number.POSITIVE_INFINITY) return;
  const each = containers.reduce((sum, { resources }) => sum + cpuMillis(resources?.limits?.['cpu']), 0);
  const requested = each * (scaling?.maxInstanceCount ?? 100);
  if (requested > allowed) throw quotaViolated('CpuAllocPerProjectRegion', requested, allowed);
}

/** Deletes the oldest completed executions of a job beyond what is kept. */
export function collectExecutions(world: World, job: string): void {
  const kept = world.bends.limits().completedExecutions;
  if ((world.jobs.get(job)?.executionCount ?? 0) <= kept) return;
  const completed = [...world.executions.values()]
    .filter((execution) => execution.job === job && execution.completionMicros !== undefined)
    .sort((a, b) => a.createMicros - b.createMicros);
  for (const { name } of completed.slice(0, Math.max(0, completed.length - kept)))
    world.executions.delete(name);
}

/** Deletes the oldest revisions of a service that serve nothing, for as long as it has more than it may. */
export function collectRevisions(world: World, name: string): void {
  const service = world.services.get(name);
  const allowed = world.bends.limits().revisions;
  if (service === undefined || service.revisionCount <= allowed) return;
  const own = [...world.revisions.values()].filter((revision) => revision.service === name);
  const { targets = [], tags = [] } = service.serving?.routes ?? {};
  const kept = new Set([
    service.latestCreated,
    service.latestReady,
    ...[...targets, ...tags].map(({ revision }) => revision),
    ...(service.spec.traffic ?? []).map(({ revision = '' }) => `${name}/revisions/${revision}`),
  ]);
  const oldest = own
    .filter((revision) => revision.start.kind !== 'starting' && !kept.has(revision.name))
    .sort((a, b) => a.createMicros - b.createMicros);
  for (const revision of oldest.slice(0, Math.max(0, own.length - allowed))) {
    world.revisions.delete(revision.name);
    world.commands.push({ kind: 'remove-revision', revision: revision.name });
  }
}

function cpuMillis(text = '1000m'): number {
  return text.endsWith('m') ? Number(text.slice(0, -1)) : Number(text) * 1000;
}
