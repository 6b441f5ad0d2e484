import { executionState, type ExecutionState, failedToComplete } from '../../control/jobs/execution-view.ts';
import { placeOf, shortName } from '../../control/names.ts';
import type { ExecutionRecord, JobRecord, TaskRecord, World } from '../../control/world.ts';
import type { State } from './state.ts';

export interface JobFacts {
  /** The full resource name. */
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly region: string;
  readonly image: string;
  /** Why it cannot run. */
  readonly message?: string;
  /** Newest first. */
  readonly executions: readonly ExecutionFacts[];
}

export interface ExecutionFacts {
  /** The full resource name. */
  readonly id: string;
  readonly name: string;
  readonly state: State;
  readonly message?: string;
  readonly createdMs: number;
  readonly startedMs?: number;
  readonly endedMs?: number;
  readonly tasks: readonly TaskFacts[];
}

export interface TaskFacts {
  readonly index: number;
  readonly state: State;
  /** How often it was tried, the running attempt included. */
  readonly attempts: number;
  readonly exitCode?: number;
  readonly signal?: number;
  /** What was said of the last attempt that is over. */
  readonly message?: string;
  readonly startedMs?: number;
  readonly endedMs?: number;
}

/** `executions` are those to tell of, newest first. */
export function jobFacts(job: JobRecord, executions: readonly ExecutionRecord[]): JobFacts {
  const { project, location } = placeOf(job.name);
  return {
    id: job.name,
    name: shortName(job.name),
    project,
    region: location,
    image: job.spec.template?.template?.containers?.[0]?.image ?? '',
    ...(job.failure === undefined ? {} : { message: job.failure.message }),
    executions: executions.map(executionFacts),
  };
}

export function allExecutions(world: World, job: JobRecord): readonly ExecutionRecord[] {
  return [...world.executions.values()]
    .filter((execution) => execution.job === job.name)
    .sort((a, b) => b.createMicros - a.createMicros);
}

export function executionFacts(execution: ExecutionRecord): ExecutionFacts {
  const state = executionState(execution);
  const message =
    execution.failure?.message ?? (state === 'failed' ? failedToComplete(execution) : undefined);
  return {
    id: execution.name,
    name: shortName(execution.name),
    state: EXECUTION_STATES[state],
    ...(message === undefined ? {} : { message }),
    createdMs: execution.createMicros / 1000,
    ...spanOf(execution),
    tasks: execution.tasks.map(taskFacts),
  };
}

function taskFacts(task: TaskRecord): TaskFacts {
  const { exitCode, termSignal, message = '' } = task.last ?? {};
  const code = task.state === 'succeeded' ? 0 : exitCode;
  return {
    index: task.index,
    state: TASK_STATES[task.state],
    attempts: task.startMicros === undefined ? 0 : task.attempt + 1,
    ...(code === undefined ? {} : { exitCode: code }),
    ...(termSignal === undefined ? {} : { signal: termSignal }),
    ...(message === '' ? {} : { message }),
    ...spanOf(task),
  };
}

function spanOf({
  startMicros,
  completionMicros,
}: {
  readonly startMicros?: number;
  readonly completionMicros?: number;
}): { readonly startedMs?: number; readonly endedMs?: number } {
  return {
    ...(startMicros === undefined ? {} : { startedMs: startMicros / 1000 }),
    ...(completionMicros === undefined ? {} : { endedMs: completionMicros / 1000 }),
  };
}

const EXECUTION_STATES: Readonly<Record<ExecutionState, State>> = {
  running: { tone: 'busy', word: 'Running' },
  succeeded: { tone: 'good', word: 'Succeeded' },
  failed: { tone: 'bad', word: 'Failed' },
  cancelled: { tone: 'quiet', word: 'Cancelled' },
};

const TASK_STATES: Readonly<Record<TaskRecord['state'], State>> = {
  pending: { tone: 'quiet', word: 'Waiting' },
  running: { tone: 'busy', word: 'Running' },
  succeeded: { tone: 'good', word: 'Succeeded' },
  failed: { tone: 'bad', word: 'Failed' },
  cancelled: { tone: 'quiet', word: 'Cancelled' },
};
