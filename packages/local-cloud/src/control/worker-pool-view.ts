import { etagOf } from './etag.ts';
import type { Condition } from './resources.ts';
import { timestamp } from './time.ts';
import { without } from './without.ts';
import type { WorkerPool } from './worker-pool.ts';
import type { WorkerPoolRecord, WorkerPoolRevisionRecord } from './world.ts';

/** google.cloud.run.v2.WorkerPool as GET answers it. Its containers are not run here, so it is ready as soon as it is written. */
export function workerPoolView(pool: WorkerPoolRecord): WorkerPool {
  return {
    name: pool.name,
    uid: pool.uid,
    generation: String(pool.generation),
    createTime: timestamp(pool.createMicros),
    updateTime: timestamp(pool.updateMicros),
    ...{ creator: 'user@example.com', lastModifier: 'user@example.com' },
    ...pool.spec,
    observedGeneration: String(pool.generation),
    terminalCondition: succeeded('Ready', pool.updateMicros),
    conditions: [succeeded('ConfigurationsReady', pool.updateMicros)],
    latestReadyRevision: pool.latestCreated,
    latestCreatedRevision: pool.latestCreated,
    instanceSplitStatuses: pool.spec.instanceSplits ?? [],
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
    conditions: ['Ready', 'ContainerReady', 'ResourcesAvailable'].map((type) =>
      succeeded(type, revision.createMicros),
    ),
    observedGeneration: String(revision.generation),
    creator: 'user@example.com',
    etag: etagOf(revision.updateMicros, revision.name),
  };
}

function succeeded(type: string, micros: number): Condition {
  return { type, state: 'CONDITION_SUCCEEDED', lastTransitionTime: timestamp(micros) };
}
