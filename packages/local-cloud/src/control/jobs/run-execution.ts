import type { TaskOutcome } from '../../data-plane.ts';
import { parentOf, shortName } from '../names.ts';
import type { ExecutionTemplate } from '../resources.ts';
import { taskContainers } from '../runtime-spec.ts';
import { afterAttempt, attemptId, taskOfAttempt } from '../task-attempts.ts';
import { durationSeconds } from '../time.ts';
import type { ExecutionRecord, TaskRecord, World } from '../world.ts';
import { executionAt, settle } from './settle-execution.ts';

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

/** Starts as many tasks as the parallelism allows, or ends the execution when their secrets cannot be read. */
export function launch(world: World, name: string): void {
  const execution = executionAt(world, name);
  const { template } = execution;
  const { secrets } = world;
  const spec = taskContainers(template.template ?? {}, { resource: name, job: execution.job, secrets });
  if (spec.kind === 'secrets-missing') {
    failAll(world, execution, spec.message);
    return;
  }
  for (const task of startNext(world, execution)) {
    world.commands.push({
      kind: 'run-task',
      uid: task.uid,
      spec: {
        ...spec.spec,
        id: attemptId(task),
        execution: name,
        job: execution.job,
        taskIndex: task.index,
        attempt: task.attempt,
        taskCount: execution.tasks.length,
        timeoutSeconds: durationSeconds(template.template?.timeout ?? '600s'),
      },
    });
  }
}

/** Event: one attempt of a task is over. */
export function taskEnded(world: World, id: string, outcome: TaskOutcome): void {
  const taskName = taskOfAttempt(id);
  const execution = world.executions.get(parentOf(taskName));
  const task = execution?.tasks.find(({ name }) => name === taskName);
  if (execution === undefined || task?.state !== 'running' || attemptId(task) !== id) return;
  replaceTask(world, afterAttempt(world.now(), { execution, task, outcome }));
  launch(world, execution.name);
  settle(world, execution.name);
}

/** Marks as many tasks as running as there is room for, all at once: there may be ten thousand. */
function startNext(world: World, execution: ExecutionRecord): readonly TaskRecord[] {
  const { tasks, template } = execution;
  const running = tasks.filter(({ state }) => state === 'running').length;
  // 0 stands for as many as possible, like nothing at all.
  const most = template.parallelism ?? 0;
  const free = Math.max(0, (most === 0 ? tasks.length : most) - running);
  const next = new Set(tasks.filter(({ state }) => state === 'pending').slice(0, free));
  if (next.size === 0) return [];
  const micros = world.now();
  const started = tasks.map((task) =>
    next.has(task)
      ? ({
          ...task,
          state: 'running',
          startMicros: task.startMicros ?? micros,
          updateMicros: micros,
        } as const)
      : task,
  );
  world.executions.set(execution.name, {
    ...execution,
    tasks: started,
    startMicros: execution.startMicros ?? micros,
    updateMicros: micros,
  });
  return started.filter((_, index) => next.has(tasks[index] as TaskRecord));
}

function failAll(world: World, execution: ExecutionRecord, message: string): void {
  const failure = {
    status: 'FAILED_PRECONDITION',
    reason: 'SECRETS_ACCESS_CHECK_FAILED',
    message,
  } as const;
  const tasks = execution.tasks.map((task) => ({ ...task, state: 'failed', last: { message } }) as const);
  world.executions.set(execution.name, { ...execution, failure, tasks });
  settle(world, execution.name);
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
