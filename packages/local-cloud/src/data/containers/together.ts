import type { Exit, Instance } from './engine.ts';

/** One of the containers that run together. */
export interface Part {
  readonly name: string;
  /** Names of the parts that must be up before this one is started. */
  readonly dependsOn: readonly string[];
  readonly start: () => Promise<Instance>;
  /** Resolves when the container is up; rejects when it does not come up, or the signal aborts. */
  readonly up: (instance: Instance, signal: AbortSignal) => Promise<void>;
}

export interface Together {
  /** Resolves when all parts are up; rejects with the first failure, and then the others are still to be stopped. */
  readonly up: Promise<unknown>;
  /** Aborts when the parts are stopped or not wanted any more. */
  readonly over: AbortSignal;
  /** Starts no further part, and ends those that run. */
  readonly stop: () => Promise<void>;
}

export interface Wanted {
  /** Aborts when nobody wants the containers any more; what runs by then is still to be stopped. */
  readonly signal: AbortSignal;
  /** Told of every container that ends. */
  readonly onExit: (part: string, exit: Exit) => void;
}

/** Starts containers in the order of what they depend on, those that depend on nothing at once. */
export function startTogether(parts: readonly Part[], { signal, onExit }: Wanted): Together {
  const running = new Map<string, Instance>();
  const begun = new Map<string, Promise<void>>();
  const over = new AbortController();
  const abort = () => {
    over.abort();
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  const begin = async ({ name, dependsOn, start, up }: Part) => {
    await Promise.all(dependsOn.map(upOf));
    over.signal.throwIfAborted();
    const instance = await start();
    running.set(name, instance);
    void instance.exited.then((exit) => {
      running.delete(name);
      onExit(name, exit);
    });
    await up(instance, over.signal);
  };
  const upOf = (name: string): Promise<void> => {
    const part = parts.find((one) => one.name === name);
    const known = begun.get(name) ?? (part === undefined ? Promise.resolve() : begin(part));
    begun.set(name, known);
    return known;
  };
  const up = Promise.all(parts.map(({ name }) => upOf(name)));
  // Whoever stops before all are up need not hear why they are not.
  up.catch(() => undefined);
  const stopRunning = () => Promise.all([...running.values()].map((instance) => instance.stop()));
  return {
    up,
    over: over.signal,
    stop: async () => {
      signal.removeEventListener('abort', abort);
      abort();
      await stopRunning();
      await Promise.allSettled(begun.values());
      await stopRunning();
    },
  };
}
