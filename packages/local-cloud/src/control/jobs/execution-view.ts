import { etagOf } from '../etag.ts';
import { shortName } from '../names.ts';
import type { Condition } from '../resources.ts';
import { timestamp } from '../time.ts';
import type { ExecutionRecord, TaskRecord } from '../world.ts';

/** How an execution stands; `cancelled` only when a task was really kept from its end. */
export type ExecutionState = 'running' | 'succeeded' | 'failed' | 'cancelled';

export function executionState({ tasks, failure, completionMicros }: ExecutionRecord): ExecutionState {
  if (completionMicros === undefined) return 'running';
  if (failure !== undefined) return 'failed';
  if (tasks.every(({ state }) => state === 'succeeded')) return 'succeeded';
  return tasks.some(({ state }) => state === 'cancelled') ? 'cancelled' : 'failed';
}

/** google.cloud.run.v2.Execution. Counts of 0 are left out, as in all proto JSON. */
export function executionView(execution: ExecutionRecord): object {
  const { name, template, tasks } = execution;
  const { labels, annotations, parallelism, taskCount = 1 } = template;
  const started = execution.startMicros;
  const completed = execution.completionMicros;
  return {
    name,
    uid: execution.uid,
    creator: 'user@example.com',
    generation: '1',
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    createTime: timestamp(execution.createMicros),
    ...(started === undefined ? {} : { startTime: timestamp(started) }),
    ...(completed === undefined ? {} : { completionTime: timestamp(completed) }),
    updateTime: timestamp(execution.updateMicros),
    launchStage: 'GA',
    job: shortName(execution.job),
    parallelism: parallelism ?? taskCount,
    taskCount,
    template: template.template ?? {},
    ...(completed === undefined ? { reconciling: true } : {}),
    conditions: conditionsOf(execution),
    observedGeneration: '1',
    ...counts(tasks),
    etag: etagOf(execution.updateMicros, name),
  };
}

/** "Execution X has failed to complete, 0/1 tasks were a success.", as operations and audit logs say it. */
export function failedToComplete({ name, tasks }: ExecutionRecord): string {
  const done = tasks.filter(({ state }) => state === 'succeeded').length;
  return `Execution ${shortName(name)} has failed to complete, ${done}/${tasks.length} tasks were a success.`;
}

function counts(tasks: readonly TaskRecord[]): Readonly<Record<string, number>> {
  const inState = (state: TaskRecord['state']) => tasks.filter((task) => task.state === state).length;
  const all = {
    runningCount: inState('running'),
    succeededCount: inState('succeeded'),
    failedCount: inState('failed'),
    cancelledCount: inState('cancelled'),
    retriedCount: tasks.filter(({ attempt }) => attempt > 0).length,
  };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}

function conditionsOf(execution: ExecutionRecord): readonly Condition[] {
  const completed = completedCondition(execution);
  if (execution.startMicros === undefined) return [completed];
  const done = {
    state: 'CONDITION_SUCCEEDED',
    lastTransitionTime: timestamp(execution.startMicros),
  } as const;
  return [
    completed,
    { type: 'ResourcesAvailable', ...done, message: 'Provisioned imported containers.' },
    { type: 'Started', ...done, message: `Started deployed execution in ${startSeconds(execution)}s.` },
    { type: 'ContainerReady', ...done, message: 'Imported container image.' },
  ];
}

function startSeconds({ createMicros, startMicros = createMicros }: ExecutionRecord): string {
  return ((startMicros - createMicros) / 1_000_000).toFixed(2);
}

function completedCondition(execution: ExecutionRecord): Condition {
  const type = 'Completed';
  const lastTransitionTime = timestamp(execution.completionMicros ?? execution.createMicros);
  switch (executionState(execution)) {
    case 'running':
      return {
        type,
        state: 'CONDITION_RECONCILING',
        message: 'Waiting for execution to complete.',
        lastTransitionTime,
        ...(execution.isCancelled ? { executionReason: 'CANCELLING' } : {}),
      };
    case 'succeeded':
      return {
        type,
        state: 'CONDITION_SUCCEEDED',
        message: 'Execution completed successfully.',
        lastTransitionTime,
      };
    case 'cancelled':
      return {
        type,
        state: 'CONDITION_FAILED',
        message: `Execution ${shortName(execution.name)} has been cancelled.`,
        lastTransitionTime,
        executionReason: 'CANCELLED',
      };
    case 'failed':
      return { type, state: 'CONDITION_FAILED', lastTransitionTime, ...failureOf(execution) };
  }
}

function failureOf({ tasks, failure }: ExecutionRecord): Partial<Condition> {
  if (failure !== undefined) return { message: failure.message, reason: failure.reason };
  const failed = tasks.find(({ state }) => state === 'failed');
  const { message = '', exitCode, reason } = failed?.last ?? {};
  const code = exitCode === undefined ? '' : `exit code: ${exitCode} and `;
  return {
    message: `Task ${shortName(failed?.name ?? '')} failed with ${code}message: ${message}`,
    ...(reason === undefined ? { executionReason: 'NON_ZERO_EXIT_CODE' } : { reason }),
  };
}
