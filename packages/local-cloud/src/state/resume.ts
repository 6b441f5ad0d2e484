import { launch, taskEnded } from '../control/jobs/run-execution.ts';
import { shortName } from '../control/names.ts';
import { failOperation, finishOperation } from '../control/operations.ts';
import { reconcile } from '../control/services/reconcile.ts';
import { revisionSpec } from '../control/runtime-spec.ts';
import { reconcileWorkerPool, setWorkers } from '../control/worker-pools/reconcile-worker-pool.ts';
import { workerSpec } from '../control/worker-pools/worker-spec.ts';
import type { WorkerPoolRecord, World } from '../control/world.ts';

/**
 * Takes up what was under way when the cloud ended, be it by a signal or by its own close. Revisions that were starting start again and their operations end
 * as they would have. A task that ran has lost its instance as by SIGKILL: it is tried again while retries are left, as Cloud Run does, and fails otherwise.
 * Deletions are complete; any other operation that nothing answers any more fails as ABORTED.
 */
export function resume(world: World): void {
  for (const { name, uid, service, template, start } of world.revisions.values()) {
    if (start.kind !== 'starting') continue;
    const spec = revisionSpec(name, service, { template, secrets: world.secrets });
    if (spec.kind === 'resolved') world.commands.push({ kind: 'start-revision', uid, spec: spec.spec });
  }
  for (const revision of world.workerPoolRevisions.values()) {
    if (revision.start?.kind !== 'starting') continue;
    const spec = workerSpec(revision, world.secrets);
    if (spec.kind === 'resolved')
      world.commands.push({ kind: 'start-workers', uid: revision.uid, spec: spec.spec });
  }
  for (const pool of world.workerPools.values()) resumePool(world, pool);
  for (const [name, { progress }] of world.services)
    if (progress.kind === 'reconciling') reconcile(world, name);
  for (const name of [...world.executions.keys()]) resumeExecution(world, name);
  endOrphans(world);
}

/** A failed pool has the instances that it had before, of the splits that were last ready. */
function resumePool(world: World, pool: WorkerPoolRecord): void {
  if (pool.progress?.kind === 'reconciling') reconcileWorkerPool(world, pool.name);
  if (pool.progress === undefined || pool.progress.kind === 'ready') setWorkers(world, pool);
  if (pool.progress?.kind === 'failed') setWorkers(world, asItWas(pool));
}

function asItWas(pool: WorkerPoolRecord): WorkerPoolRecord {
  const { spec, splits = [], latestReady = '' } = pool;
  return { ...pool, spec: { ...spec, instanceSplits: splits }, latestCreated: latestReady };
}

function resumeExecution(world: World, name: string): void {
  const execution = world.executions.get(name);
  if (execution === undefined || execution.completionMicros !== undefined) return;
  const running = execution.tasks.filter(({ state }) => state === 'running');
  for (const { name: task, attempt } of running)
    taskEnded(world, `${task}#${attempt}`, {
      kind: 'signalled',
      signal: 'SIGKILL',
      message: 'The local cloud was stopped while the task ran.',
    });
  if (running.length === 0) launch(world, name);
}

function endOrphans(world: World): void {
  const awaited = new Set(
    [...world.services.values(), ...world.executions.values(), ...world.workerPools.values()].flatMap(
      ({ waiting = [] }) => waiting.map(({ operation }) => operation),
    ),
  );
  for (const { name, metadata, result } of [...world.operations.values()]) {
    if (result.kind !== 'running' || awaited.has(name)) continue;
    if (isGone(world, metadata)) finishOperation(world, name, metadata);
    else
      failOperation(world, name, {
        status: 'ABORTED',
        message: `The local cloud was stopped while operation '${shortName(name)}' was under way.`,
      });
  }
}

function isGone(world: World, metadata: object): boolean {
  const name = 'name' in metadata ? String(metadata.name) : '';
  return Object.values(world).every((value: unknown) => !(value instanceof Map && value.has(name)));
}
