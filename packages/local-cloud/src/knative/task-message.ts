import type { Condition } from '../control/resources.ts';
import { conditionsToV1 } from './conditions.ts';
import { type Message, messageOf, listOf, pair, type Pair, toV1 } from './mapping.ts';
import { metadataOf } from './metadata.ts';
import { taskToV1 } from './task-template.ts';

const TASKS = { group: 'run.googleapis.com', plural: 'tasks' } as const;

const STATUS: readonly Pair[] = [
  pair('index', 'index'),
  pair('startTime', 'startTime'),
  pair('completionTime', 'completionTime'),
  pair('retried', 'retried'),
  pair('lastAttemptResult', 'lastAttemptResult', {
    toV1: (value) => toV1([pair('status', 'status'), pair('exitCode', 'exitCode')], messageOf(value)),
    toV2: (value) => value,
  }),
];

/** `run.googleapis.com/v1` Task of a task as v2's GET answers it. */
export function taskMessageToV1(task: Message): Message {
  const { spec, annotations } = taskToV1(task);
  return {
    apiVersion: 'run.googleapis.com/v1',
    kind: 'Task',
    metadata: metadataOf(TASKS, task, {
      labels: {
        'run.googleapis.com/job': task['job'],
        'run.googleapis.com/execution': task['execution'],
        'run.googleapis.com/runningState': runningState(task),
      },
      annotations,
    }),
    spec,
    status: {
      observedGeneration: Number(task['observedGeneration']),
      conditions: conditionsToV1(task['conditions']),
      ...toV1(STATUS, task),
    },
  };
}

function runningState(task: Message): string {
  const [completed] = listOf(task['conditions']) as readonly Condition[];
  switch (completed?.state) {
    case 'CONDITION_SUCCEEDED':
      return 'Succeeded';
    case 'CONDITION_RECONCILING':
      return 'Running';
    case 'CONDITION_FAILED':
      return endOf(completed, task);
    case 'CONDITION_PENDING':
    case undefined:
      return 'Pending';
  }
}

/** A task that was cancelled before it began has been abandoned. */
function endOf({ executionReason }: Condition, { startTime }: Message): string {
  if (executionReason !== 'CANCELLED') return 'Failed';
  return startTime === undefined ? 'Abandoned' : 'Cancelled';
}
