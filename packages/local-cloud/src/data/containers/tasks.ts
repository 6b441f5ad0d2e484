import { randomUUID } from 'node:crypto';

import { type Clock, messageOf } from '@fairlead/action-kit';

import type { LogLine, TaskOutcome, TaskSpec } from '../../data-plane.ts';
import { taskEnv } from './container-env.ts';
import { describeExit, type Engine, type Exit, type SharedFolders, StartFailure } from './engine.ts';
import { openFolders } from './shared-folders.ts';
import { type Beside, sidecarPart } from './sidecar.ts';
import { type Part, startTogether } from './together.ts';

export interface TaskRunner {
  readonly run: (spec: TaskSpec) => Promise<TaskOutcome>;
  readonly cancel: (id: string) => Promise<void>;
  /** Cancels every running task. */
  readonly close: () => Promise<void>;
}

export interface TaskRunnerOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  /** Whether no container really runs: then nobody is asked how they are. */
  readonly isPlayed: boolean;
  /** The container is named where the task has several. */
  readonly say: (spec: TaskSpec, line: SaidLine) => void;
}

export type SaidLine = Pick<LogLine, 'stream' | 'text'> & { readonly container?: string | undefined };

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
  const id = `${spec.id.replace(/[^A-Za-z0-9-]+/g, '-')}-${randomUUID().slice(0, 8)}`;
  try {
    const folders = await openFolders(options.engine, id, [spec, ...(spec.sidecars ?? [])]);
    return await together(spec, { ...options, id, folders, cancelled }).finally(folders.remove);
  } catch (thrown) {
    const reason = thrown instanceof StartFailure ? thrown.reason : 'HEALTH_CHECK_CONTAINER_ERROR';
    options.say(spec, { stream: 'system', text: messageOf(thrown) });
    return { kind: 'not-started', reason, message: messageOf(thrown) };
  }
}

interface Place extends TaskRunnerOptions {
  readonly id: string;
  readonly folders: SharedFolders;
  readonly cancelled: AbortSignal;
}

/** The task is over with its own container, or with the first of the others that fails; those that end well may do so before. */
async function together(spec: TaskSpec, place: Place): Promise<TaskOutcome> {
  const own = spec.containerName ?? 'task';
  const ended = Promise.withResolvers<Exit>();
  const running = startTogether(partsOf(spec, own, place), {
    signal: place.cancelled,
    onExit: (part, exit) => {
      if (part === own || exit.kind !== 'exited' || exit.exitCode !== 0) ended.resolve(exit);
    },
  });
  try {
    await Promise.race([running.up, ended.promise]);
    return await ending(ended.promise, spec, place);
  } catch (thrown) {
    if (place.cancelled.aborted) return wasCancelled;
    throw thrown;
  } finally {
    await running.stop();
  }
}

function partsOf(spec: TaskSpec, own: string, place: Place): readonly Part[] {
  const { sidecars = [] } = spec;
  const env = taskEnv(spec);
  const beside: Beside = {
    ...place,
    env,
    isTask: true,
    say: (stream, text, container) => {
      // Where there is one container nobody asks which.
      place.say(spec, { stream, text, container: sidecars.length === 0 ? undefined : container });
    },
  };
  return [{ ...spec, containerName: own }, ...sidecars].map((container) => sidecarPart(container, beside));
}

/** The first of: the end that counts, the time that is over, the wish to end. */
async function ending(
  exited: Promise<Exit>,
  spec: TaskSpec,
  { clock, cancelled, say }: Place,
): Promise<TaskOutcome> {
  const over = new AbortController();
  const overtime = clock
    .sleep(spec.timeoutSeconds * 1_000, AbortSignal.any([over.signal, cancelled]))
    .then(timedOut, () => (cancelled.aborted ? wasCancelled : undefined));
  const first = await Promise.race([exited.then(outcomeOf), overtime]);
  over.abort();
  if (first?.kind === 'timed-out' || first?.kind === 'cancelled')
    say(spec, { stream: 'system', text: first.message });
  return first ?? outcomeOf(await exited);
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
