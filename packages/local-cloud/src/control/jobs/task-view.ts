import { etagOf } from '../etag.ts';
import { shortName } from '../names.ts';
import type { Condition } from '../resources.ts';
import { timestamp } from '../time.ts';
import type { ExecutionRecord, TaskRecord } from '../world.ts';

/** google.cloud.run.v2.Task. */
export function taskView(execution: ExecutionRecord, task: TaskRecord): object {
  const started = task.startMicros;
  const completed = task.completionMicros;
  return {
    name: task.name,
    uid: task.uid,
    generation: '1',
    createTime: timestamp(execution.createMicros),
    scheduledTime: timestamp(execution.createMicros),
    ...(started === undefined ? {} : { startTime: timestamp(started) }),
    ...(completed === undefined ? {} : { completionTime: timestamp(completed) }),
    updateTime: timestamp(task.updateMicros),
    job: shortName(execution.job),
    execution: shortName(execution.name),
    ...execution.template.template,
    ...(completed === undefined ? { reconciling: true } : {}),
    conditions: [completedCondition(task, completed ?? execution.createMicros)],
    observedGeneration: '1',
    ...(task.index === 0 ? {} : { index: task.index }),
    ...(task.attempt === 0 ? {} : { retried: task.attempt }),
    ...(task.last === undefined ? {} : { lastAttemptResult: attemptResult(task.last) }),
    etag: etagOf(task.updateMicros, task.name),
  };
}

function completedCondition(task: TaskRecord, micros: number): Condition {
  const base = { type: 'Completed', lastTransitionTime: timestamp(micros) } as const;
  switch (task.state) {
    case 'pending':
      return { ...base, state: 'CONDITION_PENDING', message: 'Waiting to start.' };
    case 'running':
      return { ...base, state: 'CONDITION_RECONCILING', message: 'Running.' };
    case 'succeeded':
      return { ...base, state: 'CONDITION_SUCCEEDED' };
    case 'failed':
      return {
        ...base,
        state: 'CONDITION_FAILED',
        message: task.last?.message ?? '',
        executionReason: 'NON_ZERO_EXIT_CODE',
      };
    case 'cancelled':
      return { ...base, state: 'CONDITION_FAILED', executionReason: 'CANCELLED' };
  }
}

function attemptResult({ message, exitCode = 0, termSignal = 0 }: NonNullable<TaskRecord['last']>): object {
  const failed = exitCode !== 0 || termSignal !== 0 || message !== '';
  return {
    ...(failed ? { status: { code: 2, message } } : { status: {} }),
    ...(exitCode === 0 ? {} : { exitCode }),
    ...(termSignal === 0 ? {} : { termSignal }),
  };
}
