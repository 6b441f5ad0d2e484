import type { WorkerCount } from '../../data-plane.ts';
import { shortName } from '../names.ts';
import { failOperation, finishOperation, typed } from '../operations.ts';
import { missingRevision, startFailure, type StartReport } from '../revision-failures.ts';
import type { Failure, PoolProgress, WaitingWrite, WorkerPoolRecord, World } from '../world.ts';
import { instanceCounts } from './instance-splits.ts';
import { workerPoolView } from './worker-pool-view.ts';
import { workerSpec } from './worker-spec.ts';

/** Event: the first instance of a worker pool's revision came up or did not. */
export function workersStarted(world: World, name: string, report: StartReport): void {
  const revision = world.workerPoolRevisions.get(name);
  if (revision?.start?.kind !== 'starting') return;
  const micros = world.now();
  const start =
    report.kind === 'ready'
      ? ({ kind: 'ready', micros } as const)
      : ({ kind: 'failed', micros, failure: startFailure(name, report) } as const);
  world.workerPoolRevisions.set(name, { ...revision, start, updateMicros: micros });
  reconcileWorkerPool(world, revision.workerPool);
}

/** Event: the pool has the instances that a write asked for, or they are on their way. */
export function workersSet(world: World, name: string, generation: number): void {
  const pool = world.workerPools.get(name);
  if (pool?.generation !== generation || pool.progress?.kind !== 'reconciling') return;
  world.workerPools.set(name, {
    ...pool,
    observedGeneration: generation,
    latestReady: pool.latestCreated,
    splits: pool.spec.instanceSplits ?? [],
  });
  settle(world, name, { kind: 'ready' });
}

/** Event: nothing of a deleted pool runs any more. */
export function workerPoolRemoved(world: World, operation: string): void {
  const record = world.operations.get(operation);
  if (record !== undefined) finishOperation(world, operation, record.metadata);
}

/** Moves a pool as far as it can go now: to its instances, to a failure, or nowhere while a revision is starting. */
export function reconcileWorkerPool(world: World, name: string): void {
  const pool = world.workerPools.get(name);
  if (pool?.progress?.kind !== 'reconciling') return;
  const names = [...splitNames(pool), pool.latestCreated];
  const revisions = names.map((needed) => world.workerPoolRevisions.get(needed));
  const missing = names.find((_, index) => revisions[index] === undefined);
  const failure = revisions
    .map((revision) => (revision?.start?.kind === 'failed' ? revision.start.failure : undefined))
    .find((found) => found !== undefined);
  if (missing !== undefined) fail(world, name, missingRevision(shortName(missing)));
  else if (failure !== undefined) fail(world, name, failure);
  else if (!revisions.some((revision) => revision?.start?.kind === 'starting')) setWorkers(world, pool);
}

/** Asks for the instances of the pool's revisions, as its last write wants them. */
export function setWorkers(world: World, pool: WorkerPoolRecord): void {
  const { name, uid, generation } = pool;
  const shares = (pool.spec.instanceSplits ?? []).map(({ percent = 0 }) => percent);
  const counts = instanceCounts(pool.spec.scaling?.manualInstanceCount ?? 1, shares);
  world.commands.push({
    kind: 'set-workers',
    uid,
    workerPool: name,
    generation,
    counts: splitNames(pool).map((revision, index) => countOf(world, revision, counts[index] ?? 0)),
  });
}

function countOf(world: World, revision: string, instances: number): WorkerCount {
  const record = world.workerPoolRevisions.get(revision);
  const spec = record === undefined ? undefined : workerSpec(record, world.secrets);
  return { revision, instances, ...(spec?.kind === 'resolved' ? { spec: spec.spec } : {}) };
}

function splitNames({ name, spec, latestCreated }: WorkerPoolRecord): readonly string[] {
  return (spec.instanceSplits ?? []).map(({ revision }) =>
    revision === undefined ? latestCreated : `${name}/revisions/${revision}`,
  );
}

function fail(world: World, name: string, failure: Failure): void {
  settle(world, name, { kind: 'failed', failure });
}

/** Says how the last write came out, and answers the writes that waited for that. */
function settle(world: World, name: string, progress: PoolProgress): void {
  const pool = world.workerPools.get(name);
  if (pool === undefined) return;
  const settled = { ...pool, progress, transitionMicros: world.now(), waiting: [] };
  world.workerPools.set(name, settled);
  for (const write of pool.waiting ?? []) answer(world, settled, write);
}

/** One that a newer write has overtaken is judged by the revision that it brought. */
function answer(
  world: World,
  pool: WorkerPoolRecord,
  { operation, generation, judged = '' }: WaitingWrite,
): void {
  const start = world.workerPoolRevisions.get(judged)?.start;
  const own = generation < pool.generation && start?.kind === 'failed' ? start.failure : undefined;
  const failure = own ?? (pool.progress?.kind === 'failed' ? pool.progress.failure : undefined);
  if (failure === undefined)
    finishOperation(world, operation, typed('WorkerPool', workerPoolView(world, pool)));
  else failOperation(world, operation, failure);
}
