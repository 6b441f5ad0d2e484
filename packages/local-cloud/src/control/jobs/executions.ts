import { CloudError } from '../cloud-error.ts';
import { deleted, keepDeleted } from '../deleted.ts';
import { checkEtag } from '../etag.ts';
import { listed } from '../listed.ts';
import { notFound, parentOf, shortName } from '../names.ts';
import {
  failOperation,
  finishOperation,
  type Operation,
  startOperation,
  typed,
  unsavedOperation,
} from '../operations.ts';
import { type Page, pageOf } from '../paging.ts';
import type { DeleteRequest } from '../requests.ts';
import { attemptId } from '../task-attempts.ts';
import type { ExecutionRecord, World } from '../world.ts';
import { executionState, executionView } from './execution-view.ts';
import { answerWhenDone, executionAt } from './settle-execution.ts';
import { taskView } from './task-view.ts';

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
  const left = deleted(executionView(execution), world.now());
  const metadata = typed('Execution', left);
  if (request.validateOnly) return unsavedOperation(world, request.name, metadata);
  const operation = startOperation(world, request.name, metadata);
  keepDeleted(world, operation.name, [left]);
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
  const records = [...world.executions.values()].filter((execution) => isOf(job, execution));
  return listed(world, { parent: job, collection: 'executions', records, view: executionView }, page);
}

export function getTask(world: World, name: string): object {
  const execution = world.executions.get(parentOf(name));
  const task = execution?.tasks.find((one) => one.name === name);
  if (execution === undefined || task === undefined) throw notFound('TASK', name);
  return taskView(execution, task);
}

/** In the order of their indexes, newest execution first; `-` stands for any execution, or any job and execution. */
export function listTasks(
  world: World,
  name: string,
  page: Page,
): { readonly items: readonly object[]; readonly nextPageToken?: string } {
  const tasks = executionsNamed(world, name).flatMap((execution) =>
    execution.tasks.map((task) => ({ execution, task })),
  );
  const { items, ...rest } = pageOf(tasks, ({ task }) => task.name, page);
  return { items: items.map(({ execution, task }) => taskView(execution, task)), ...rest };
}

function executionsNamed(world: World, name: string): readonly ExecutionRecord[] {
  if (!name.endsWith('/executions/-')) return [executionAt(world, name)];
  const job = parentOf(name);
  return [...world.executions.values()]
    .filter((execution) => isOf(job, execution))
    .sort((a, b) => b.createMicros - a.createMicros);
}

function isOf(job: string, execution: ExecutionRecord): boolean {
  return execution.job === job || (job.endsWith('/-') && execution.job.startsWith(job.slice(0, -1)));
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
