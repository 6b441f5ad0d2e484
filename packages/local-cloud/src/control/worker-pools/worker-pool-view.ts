import { etagOf } from '../etag.ts';
import type { Condition } from '../resources.ts';
import { timestamp } from '../time.ts';
import { without } from '../without.ts';
import type { WorkerPool } from '../worker-pool.ts';
import type { Failure, PoolProgress, WorkerPoolRecord, WorkerPoolRevisionRecord, World } from '../world.ts';

/** google.cloud.run.v2.WorkerPool as GET answers it. */
export function workerPoolView(world: World, pool: WorkerPoolRecord): WorkerPool {
  const { progress = { kind: 'ready' }, latestCreated } = pool;
  const isOld = pool.progress === undefined;
  const latestReady = isOld ? latestCreated : pool.latestReady;
  const observed = isOld ? pool.generation : pool.observedGeneration;
  const splits = isOld ? pool.spec.instanceSplits : pool.splits;
  return {
    name: pool.name,
    uid: pool.uid,
    generation: String(pool.generation),
    createTime: timestamp(pool.createMicros),
    updateTime: timestamp(pool.updateMicros),
    ...{ creator: 'user@example.com', lastModifier: 'user@example.com' },
    ...pool.spec,
    ...(observed === undefined ? {} : { observedGeneration: String(observed) }),
    terminalCondition: {
      type: 'Ready',
      ...stateOf(progress),
      lastTransitionTime: timestamp(pool.transitionMicros ?? pool.updateMicros),
    },
    conditions: [{ type: 'ConfigurationsReady', ...startedAs(world.workerPoolRevisions.get(latestCreated)) }],
    ...(latestReady === undefined ? {} : { latestReadyRevision: latestReady }),
    latestCreatedRevision: latestCreated,
    ...(splits === undefined ? {} : { instanceSplitStatuses: splits }),
    ...(progress.kind === 'reconciling' ? { reconciling: true } : {}),
    etag: etagOf(pool.updateMicros, pool.name),
  };
}

/** google.cloud.run.v2.Revision of a worker pool. */
export function workerPoolRevisionView(revision: WorkerPoolRevisionRecord): object {
  const { labels, annotations, ...template } = without(revision.template, 'revision');
  return {
    name: revision.name,
    uid: revision.uid,
    generation: String(revision.generation),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    createTime: timestamp(revision.createMicros),
    updateTime: timestamp(revision.updateMicros),
    launchStage: revision.launchStage,
    ...template,
    conditions: conditionsOf(revision),
    ...(revision.start?.kind === 'starting' ? { reconciling: true } : {}),
    observedGeneration: String(revision.generation),
    creator: 'user@example.com',
    etag: etagOf(revision.updateMicros, revision.name),
  };
}

function conditionsOf(revision: WorkerPoolRevisionRecord): readonly Condition[] {
  const state = startedAs(revision);
  const types = revision.start?.kind === 'failed' ? ['Ready', 'ContainerReady'] : RUNNING;
  return types.map((type) => ({ type, ...state }));
}

const RUNNING = ['Ready', 'ContainerReady', 'ResourcesAvailable'];

/** How the start of a revision stands; one of the state of a release that ran no workers is as if ready. */
function startedAs(revision: WorkerPoolRevisionRecord | undefined): Omit<Condition, 'type'> {
  const { start, createMicros = 0 } = revision ?? {};
  const lastTransitionTime = timestamp(
    start === undefined || start.kind === 'starting' ? createMicros : start.micros,
  );
  switch (start?.kind) {
    case 'starting':
      return { state: 'CONDITION_RECONCILING', lastTransitionTime };
    case 'failed':
      return { ...failed(start.failure), lastTransitionTime };
    case 'ready':
    case undefined:
      return { state: 'CONDITION_SUCCEEDED', lastTransitionTime };
  }
}

function stateOf(progress: PoolProgress): Omit<Condition, 'type'> {
  switch (progress.kind) {
    case 'reconciling':
      return { state: 'CONDITION_RECONCILING' };
    case 'ready':
      return { state: 'CONDITION_SUCCEEDED' };
    case 'failed':
      return failed(progress.failure);
  }
}

function failed({ reason, message }: Failure): Omit<Condition, 'type'> {
  return {
    state: 'CONDITION_FAILED',
    message,
    ...(reason === 'HEALTH_CHECK_CONTAINER_ERROR' ? { revisionReason: reason } : { reason }),
  };
}
