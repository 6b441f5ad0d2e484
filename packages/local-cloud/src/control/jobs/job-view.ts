import { etagOf } from '../etag.ts';
import { shortName } from '../names.ts';
import type { Condition } from '../resources.ts';
import { timestamp } from '../time.ts';
import type { ExecutionRecord, JobRecord, World } from '../world.ts';
import { executionState, failedToComplete } from './execution-view.ts';

/** google.cloud.run.v2.Job. */
export function jobView(world: World, job: JobRecord): object {
  const awaited = world.executions.get(job.awaited ?? '');
  const isReconciling = awaited !== undefined && executionState(awaited) === 'running';
  const ready = readyCondition(job, awaited);
  return {
    name: job.name,
    uid: job.uid,
    generation: String(job.generation),
    createTime: timestamp(job.createMicros),
    updateTime: timestamp(job.updateMicros),
    ...{ creator: 'user@example.com', lastModifier: 'user@example.com' },
    ...job.spec,
    observedGeneration: String(job.generation),
    terminalCondition: ready,
    conditions: [{ ...ready, type: 'ResourcesAvailable' }],
    ...(job.executionCount === 0 ? {} : { executionCount: job.executionCount }),
    latestCreatedExecution: executionReference(world.executions.get(job.latestExecution ?? '')),
    ...(isReconciling ? { reconciling: true } : {}),
    etag: etagOf(job.updateMicros, job.name),
  };
}

const COMPLETION = {
  running: 'EXECUTION_RUNNING',
  succeeded: 'EXECUTION_SUCCEEDED',
  failed: 'EXECUTION_FAILED',
  cancelled: 'EXECUTION_CANCELLED',
} as const;

function executionReference(execution: ExecutionRecord | undefined): object {
  if (execution === undefined) return {};
  const completed = execution.completionMicros;
  return {
    name: shortName(execution.name),
    createTime: timestamp(execution.createMicros),
    ...(completed === undefined ? {} : { completionTime: timestamp(completed) }),
    completionStatus: COMPLETION[executionState(execution)],
  };
}

function readyCondition(job: JobRecord, awaited: ExecutionRecord | undefined): Condition {
  const base = { type: 'Ready', lastTransitionTime: timestamp(job.updateMicros) } as const;
  if (job.failure !== undefined)
    return { ...base, state: 'CONDITION_FAILED', message: job.failure.message, reason: job.failure.reason };
  if (awaited === undefined) return { ...base, state: 'CONDITION_SUCCEEDED' };
  switch (executionState(awaited)) {
    case 'running':
      return { ...base, state: 'CONDITION_RECONCILING' };
    case 'succeeded':
      return { ...base, state: 'CONDITION_SUCCEEDED' };
    case 'failed':
      return {
        ...base,
        state: 'CONDITION_FAILED',
        message: failedToComplete(awaited),
        executionReason: 'NON_ZERO_EXIT_CODE',
      };
    case 'cancelled':
      return { ...base, state: 'CONDITION_FAILED', executionReason: 'CANCELLED' };
  }
}
