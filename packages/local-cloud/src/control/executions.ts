import { constants } from 'node:os';

import type { TaskOutcome } from '../data-plane.ts';
import { CloudError } from './cloud-error.ts';
import { checkEtag } from './etag.ts';
import { executionState, executionView, failedToComplete } from './execution-view.ts';
import { jobView } from './job-view.ts';
import { notFound, parentOf, shortName } from './names.ts';
import {
  failOperation,
  finishOperation,
  type Operation,
  startOperation,
  typed,
  unsavedOperation,
} from './operations.ts';
import { type Page, pageOf } from './paging.ts';
import type { DeleteRequest } from './requests.ts';
import type { ExecutionTemplate } from './resources.ts';
import { containerSpec } from './runtime-spec.ts';
import { taskView } from './task-view.ts';
import { durationSeconds } from './time.ts';
import type { ExecutionRecord, ExecutionWait, TaskAttempt, TaskRecord, World } from './world.ts';

export interface NewExecution {
  readonly name: string;
  readonly job: string;
  readonly template: ExecutionTemplate;
}

/** Stores an execution with all its tasks pending; {@link launch} starts it. */
export function addExecution(world: World, { name, job, template }: NewExecution): ExecutionRecord {
  const micros = world.now();
  const execution: ExecutionRecord = {
    name,
    uid: world.ids.uuid(),
    generation: 1,
    createMicros: micros,
    updateMicros: micros,
    job,
    template,
    tasks: Array.from({ length: template.taskCount ?? 1 }, (_, index) => ({
      name: `${name}/tasks/${shortName(name)}-task${index}`,
      uid: world.ids.uuid(),
      index,
      state: 'pending',
      attempt: 0,
      updateMicros: micros,
    })),
    isCancelled: false,
    waiting: [],
  };
  world.executions.set(name, execution);
  return execution;
}

/** Has the operation answered when the execution is done, which may be now. */
export function answerWhenDone(world: World, name: string, wait: ExecutionWait): void {
  const execution = executionAt(world, name);
  world.executions.set(name, { ...execution, waiting: [...execution.waiting, wait] });
  settle(world, name);
}

/** Starts as many tasks as the parallelism allows, or ends the execution when their secrets cannot be read. */
export function launch(world: World, name: string): void {
  const execution = executionAt(world, name);
  const { template, tasks } = execution;
  const container = template.template?.containers?.[0] ?? {};
  const spec = containerSpec(container, template.template ?? {}, { resource: name, secrets: world.secrets });
  if (spec.kind === 'secrets-missing') {
    const failure = {
      status: 'FAILED_PRECONDITION',
      reason: 'SECRETS_ACCESS_CHECK_FAILED',
      message: spec.message,
    } as const;
    world.executions.set(name, { ...execution, failure, tasks: tasks.map(asFailed(spec.message)) });
    settle(world, name);
    return;
  }
  const running = tasks.filter(({ state }) => state === 'running').length;
  // 0 stands for as many as possible, like nothing at all.
  const most = template.parallelism ?? 0;
  const free = (most === 0 ? tasks.length : most) - running;
  const starting = tasks.filter(({ state }) => state === 'pending').slice(0, Math.max(0, free));
  const micros = world.now();
  for (const task of starting) {
    replaceTask(world, {
      ...task,
      state: 'running',
      startMicros: task.startMicros ?? micros,
      updateMicros: micros,
    });
    world.commands.push({
      kind: 'run-task',
      spec: {
        ...spec.spec,
        id: attemptId(task),
        execution: name,
        job: execution.job,
        taskIndex: task.index,
        attempt: task.attempt,
        taskCount: tasks.length,
        timeoutSeconds: durationSeconds(template.template?.timeout ?? '600s'),
      },
    });
  }
}

/** Event: one attempt of a task is over. */
export function taskEnded(world: World, id: string, outcome: TaskOutcome): void {
  const taskName = id.slice(0, id.lastIndexOf('#'));
  const execution = world.executions.get(parentOf(taskName));
  const task = execution?.tasks.find(({ name }) => name === taskName);
  if (execution === undefined || task?.state !== 'running' || attemptId(task) !== id) return;
  replaceTask(world, afterAttempt(world, { execution, task, outcome }));
  launch(world, execution.name);
  settle(world, execution.name);
}

export function cancelExecution(world: World, request: DeleteRequest): Operation {
  const execution = executionAt(world, request.name);
  checkEtag(request.etag, execution);
  if (executionState(execution) !== 'running')
    throw new CloudError(
      'FAILED_PRECONDITION',
      `Execution '${shortName(request.name)}' is already complete and cannot be cancelled.`,
    );
  const metadata = typed('Execution', executionView({ ...execution, isCancelled: true }));
  if (request.validateOnly) return unsavedOperation(world, request.name, metadata);
  const operation = startOperation(world, request.name, metadata);
  stopTasks(world, execution);
  answerWhenDone(world, request.name, { operation: operation.name, answer: 'execution' });
  return operation;
}

export function deleteExecution(world: World, request: DeleteRequest): Operation {
  const execution = executionAt(world, request.name);
  checkEtag(request.etag, execution);
  const metadata = typed('Execution', executionView(execution));
  if (request.validateOnly) return unsavedOperation(world, request.name, metadata);
  const operation = startOperation(world, request.name, metadata);
  removeExecution(world, execution);
  finishOperation(world, operation.name, metadata);
  return operation;
}

/** Stops what runs and forgets it; operations that wait for it fail. */
export function removeExecution(world: World, execution: ExecutionRecord): void {
  if (executionState(execution) === 'running') stopTasks(world, execution);
  world.executions.delete(execution.name);
  for (const { operation } of execution.waiting)
    failOperation(world, operation, {
      status: 'ABORTED',
      message: `Execution '${shortName(execution.name)}' was deleted.`,
    });
}

export function getExecution(world: World, name: string): object {
  return executionView(executionAt(world, name));
}

/** Newest first; `…/jobs/-` means all. */
export function listExecutions(
  world: World,
  job: string,
  page: Page,
): { readonly items: readonly object[]; readonly nextPageToken?: string } {
  const executions = [...world.executions.values()]
    .filter(
      (execution) =>
        execution.job === job || (job.endsWith('/-') && execution.job.startsWith(job.slice(0, -1))),
    )
    .sort((a, b) => b.createMicros - a.createMicros);
  const { items, ...rest } = pageOf(executions, ({ name }) => name, page);
  return { items: items.map(executionView), ...rest };
}

export function getTask(world: World, name: string): object {
  const execution = world.executions.get(parentOf(name));
  const task = execution?.tasks.find((one) => one.name === name);
  if (execution === undefined || task === undefined) throw notFound('TASK', name);
  return taskView(execution, task);
}

export function listTasks(
  world: World,
  name: string,
  page: Page,
): { readonly items: readonly object[]; readonly nextPageToken?: string } {
  const execution = executionAt(world, name);
  const { items, ...rest } = pageOf(execution.tasks, (task) => task.name, page);
  return { items: items.map((task) => taskView(execution, task)), ...rest };
}

function executionAt(world: World, name: string): ExecutionRecord {
  const execution = world.executions.get(name);
  if (execution === undefined) throw notFound('EXECUTION', name);
  return execution;
}

function attemptId({ name, attempt }: TaskRecord): string {
  return `${name}#${attempt}`;
}

function asFailed(message: string): (task: TaskRecord) => TaskRecord {
  return (task) => ({ ...task, state: 'failed', last: { message } });
}

function replaceTask(world: World, task: TaskRecord): void {
  const execution = executionAt(world, parentOf(task.name));
  world.executions.set(execution.name, {
    ...execution,
    tasks: execution.tasks.map((one) => (one.name === task.name ? task : one)),
    startMicros: execution.startMicros ?? task.updateMicros,
    updateMicros: task.updateMicros,
  });
}

function stopTasks(world: World, execution: ExecutionRecord): void {
  const micros = world.now();
  for (const task of execution.tasks)
    if (task.state === 'running') world.commands.push({ kind: 'cancel-task', id: attemptId(task) });
  world.executions.set(execution.name, {
    ...execution,
    isCancelled: true,
    updateMicros: micros,
    tasks: execution.tasks.map((task) =>
      task.state === 'pending'
        ? { ...task, state: 'cancelled', completionMicros: micros, updateMicros: micros }
        : task,
    ),
  });
}

function afterAttempt(
  world: World,
  ended: { readonly execution: ExecutionRecord; readonly task: TaskRecord; readonly outcome: TaskOutcome },
): TaskRecord {
  const { execution, task, outcome } = ended;
  const updateMicros = world.now();
  const done = { ...task, completionMicros: updateMicros, updateMicros, last: attemptOf(outcome) };
  if (outcome.kind === 'exited' && outcome.exitCode === 0) return { ...done, state: 'succeeded' };
  if (outcome.kind === 'cancelled' || execution.isCancelled) return { ...done, state: 'cancelled' };
  const retries = execution.template.template?.maxRetries ?? 3;
  if (outcome.kind === 'not-started' || task.attempt >= retries) return { ...done, state: 'failed' };
  return { ...task, updateMicros, last: attemptOf(outcome), state: 'pending', attempt: task.attempt + 1 };
}

function attemptOf(outcome: TaskOutcome): TaskAttempt {
  switch (outcome.kind) {
    case 'exited':
      return outcome.exitCode === 0
        ? { message: '' }
        : { message: outcome.message, exitCode: outcome.exitCode };
    case 'signalled':
      return { message: outcome.message, termSignal: signalNumber(outcome.signal) };
    case 'timed-out':
    case 'cancelled':
      return { message: outcome.message };
    case 'not-started':
      return {
        message: outcome.message,
        reason: outcome.reason === 'CONTAINER_MISSING' ? outcome.reason : 'UNKNOWN',
      };
  }
}

function signalNumber(name: string): number {
  return new Map(Object.entries(constants.signals)).get(name) ?? constants.signals.SIGKILL;
}

/** Ends an execution whose tasks are all over, and answers those that wait for it. */
function settle(world: World, name: string): void {
  const execution = executionAt(world, name);
  const isOver = execution.tasks.every(({ state }) => state !== 'pending' && state !== 'running');
  if (!isOver) return;
  const micros = world.now();
  const ended =
    execution.completionMicros === undefined
      ? { ...execution, completionMicros: micros, updateMicros: micros }
      : execution;
  world.executions.set(name, { ...ended, waiting: [] });
  for (const wait of execution.waiting) answer(world, ended, wait);
}

// A cancelled execution answers without an error: callers are to look at its counts (apache/airflow#57791).
function answer(world: World, execution: ExecutionRecord, wait: ExecutionWait): void {
  if (executionState(execution) === 'failed') {
    failOperation(world, wait.operation, {
      status: 'FAILED_PRECONDITION',
      message: execution.failure?.message ?? failedToComplete(execution),
    });
    return;
  }
  const job = world.jobs.get(execution.job);
  const response =
    wait.answer === 'job' && job !== undefined
      ? typed('Job', jobView(world, job))
      : typed('Execution', executionView(execution));
  finishOperation(world, wait.operation, response);
}
