import { messageOf } from '@fairlead/action-kit';

import type { StartOutcome, WorkerSpec } from '../../data-plane.ts';
import { StartFailure } from './engine.ts';
import type { Group } from './group.ts';
import { RestartPause } from './restart-pause.ts';
import { launchWorker, type WorkerLauncher } from './worker-instance.ts';

interface Slot {
  readonly abort: AbortController;
  readonly group: Promise<Group>;
}

/** The instances of one revision of a worker pool: as many as are wanted, each started again when it ends. */
export class WorkerSet {
  readonly spec: WorkerSpec;
  readonly #launcher: WorkerLauncher;
  readonly #pause = new RestartPause();
  #slots: Slot[] = [];
  /** None is missed until somebody says how many there are to be. */
  #wanted = 0;
  #first: Promise<StartOutcome> | undefined;
  #restart: NodeJS.Timeout | undefined;

  constructor(spec: WorkerSpec, launcher: WorkerLauncher) {
    this.spec = spec;
    this.#launcher = launcher;
  }

  /** The outcome of the first start, however often it is asked. */
  firstStart(): Promise<StartOutcome> {
    this.#first ??= (this.#slots[0] ?? this.#start()).group.then(ready, failed);
    return this.#first;
  }

  /** Those that are too many are stopped, the newest first. */
  setCount(wanted: number): void {
    this.#wanted = wanted;
    clearTimeout(this.#restart);
    for (const slot of this.#slots.slice(wanted)) this.#stopSlot(slot).catch(this.#sayDefect);
    while (this.#slots.length < wanted) this.#start();
  }

  async stop(): Promise<void> {
    this.#wanted = 0;
    clearTimeout(this.#restart);
    await Promise.all(this.#slots.map((slot) => this.#stopSlot(slot)));
  }

  #start(): Slot {
    this.#launcher.say({ stream: 'system', text: 'Starting new instance.' });
    const abort = new AbortController();
    const slot = { abort, group: launchWorker(this.spec, { ...this.#launcher, signal: abort.signal }) };
    this.#slots.push(slot);
    const startedMs = performance.now();
    slot.group
      .then(
        async ({ exited, end }) => {
          await exited;
          await end();
          this.#left(slot, performance.now() - startedMs);
        },
        () => {
          this.#left(slot, 0);
        },
      )
      .catch(this.#sayDefect);
    return slot;
  }

  #left(slot: Slot, upMs: number): void {
    if (!this.#slots.includes(slot)) return;
    this.#slots = this.#slots.filter((other) => other !== slot);
    this.#pause.died(upMs);
    clearTimeout(this.#restart);
    this.#restart = setTimeout(() => {
      this.setCount(this.#wanted);
    }, this.#pause.ms).unref();
  }

  async #stopSlot(slot: Slot): Promise<void> {
    this.#slots = this.#slots.filter((other) => other !== slot);
    slot.abort.abort();
    const group = await slot.group.catch(() => undefined);
    await group?.end();
  }

  readonly #sayDefect = (thrown: unknown): void => {
    this.#launcher.say({
      stream: 'system',
      text: `What is left of the instance could not be removed: ${messageOf(thrown)}`,
    });
  };
}

function ready(): StartOutcome {
  return { kind: 'ready' };
}

function failed(thrown: unknown): StartOutcome {
  if (!(thrown instanceof StartFailure)) throw thrown;
  return { kind: 'failed', reason: thrown.reason, message: thrown.message };
}
