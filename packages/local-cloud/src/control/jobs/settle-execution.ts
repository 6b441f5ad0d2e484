import { notFound } from '../names.ts';
import { failOperation, finishOperation, typed } from '../operations.ts';
import { collectExecutions } from '../quotas.ts';
import type { ExecutionRecord, ExecutionWait, World } from '../world.ts';
import { executionState, executionView, failedToComplete } from './execution-view.ts';
import { jobView } from './job-view.ts';

/** Throws NOT_FOUND. */
export function executionAt(world: World, name: string): ExecutionRecord {
  const execution = world.executions.get(name);
  if (execution === undefined) throw notFound('EXECUTION', name);
  return execution;
}

/** Has the operation answered when the execution is done, which may be now. */
export function answerWhenDone(world: World, name: string, wait: ExecutionWait): void {
  const execution = executionAt(world, name);
  world.executions.set(name, { ...execution, waiting: [...execution.waiting, wait] });
  settle(world, name);
}

/** Ends an execution whose tasks are all over, and answers those that wait for it. */
export function settle(world: World, name: string): void {
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
  if (ended !== execution) collectExecutions(world, execution.job);
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
