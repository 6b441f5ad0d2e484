import { randomUUID } from 'node:crypto';

import { type Clock, messageOf } from '@fairlead/action-kit';

import type { LogLine, TaskOutcome, TaskSpec } from '../data-plane.ts';
import { taskEnv } from './container-env.ts';
import { describeExit, type Engine, type Exit, type Instance, StartFailure } from './engine.ts';

export interface TaskRunner {
  readonly run: (spec: TaskSpec) => Promise<TaskOutcome>;
  readonly cancel: (id: string) => Promise<void>;
  /** Cancels every running task. */
  readonly close: () => Promise<void>;
}

export interface TaskRunnerOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly say: (spec: TaskSpec, stream: LogLine['stream'], text: string) => void;
}

export function taskRunner(options: TaskRunnerOptions): TaskRunner {
  const running = new Map<
    string,
    { readonly abort: AbortController; readonly ended: Promise<TaskOutcome> }
  >();
  const cancel = async (id: string) => {
    const task = running.get(id);
    task?.abort.abort();
    await task?.ended;
  };
  return {
    run: async (spec) => {
      const abort = new AbortController();
      const ended = attempt(spec, options, abort.signal);
      running.set(spec.id, { abort, ended });
      return ended.finally(() => running.delete(spec.id));
    },
    cancel,
    close: async () => {
      await Promise.all([...running.keys()].map(cancel));
    },
  };
}

async function attempt(
  spec: TaskSpec,
  options: TaskRunnerOptions,
  cancelled: AbortSignal,
): Promise<TaskOutcome> {
  try {
    const instance = await options.engine.start({
      id: `${spec.id.replace(/[^A-Za-z0-9-]+/g, '-')}-${randomUUID().slice(0, 8)}`,
      container: { ...spec, env: taskEnv(spec) },
      onLine: (stream, text) => {
        options.say(spec, stream, text);
      },
    });
    const outcome = await ending(instance, spec, { clock: options.clock, cancelled });
    const exit = outcome.kind === 'signalled' ? describeExit(await instance.exited) : outcome.message;
    options.say(spec, 'system', exit);
    return outcome;
  } catch (thrown) {
    const reason = thrown instanceof StartFailure ? thrown.reason : 'HEALTH_CHECK_CONTAINER_ERROR';
    options.say(spec, 'system', messageOf(thrown));
    return { kind: 'not-started', reason, message: messageOf(thrown) };
  }
}

interface Limits {
  readonly clock: Clock;
  readonly cancelled: AbortSignal;
}

async function ending(
  instance: Instance,
  spec: TaskSpec,
  { clock, cancelled }: Limits,
): Promise<TaskOutcome> {
  const over = new AbortController();
  const overtime = clock
    .sleep(spec.timeoutSeconds * 1_000, AbortSignal.any([over.signal, cancelled]))
    .then(timedOut, () => (cancelled.aborted ? wasCancelled : undefined));
  const first = await Promise.race([instance.exited.then(outcomeOf), overtime]);
  over.abort();
  await instance.stop();
  return first ?? outcomeOf(await instance.exited);
}

const wasCancelled: TaskOutcome = { kind: 'cancelled', message: 'The task was cancelled.' };

function timedOut(): TaskOutcome {
  return { kind: 'timed-out', message: 'Terminating task because it has reached the maximum timeout.' };
}

function outcomeOf(exit: Exit): TaskOutcome {
  switch (exit.kind) {
    case 'exited':
      return { kind: 'exited', exitCode: exit.exitCode, message: describeExit(exit) };
    case 'signalled':
      return { kind: 'signalled', signal: exit.signal, message: describeExit(exit) };
    case 'out-of-memory':
      return { kind: 'signalled', signal: 'SIGKILL', message: 'The configured memory limit was reached.' };
  }
}
