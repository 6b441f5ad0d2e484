import { messageOf } from '@fairlead/action-kit';

import type { InstanceCount, RevisionSpec } from '../../data-plane.ts';
import { StartFailure } from '../containers/engine.ts';
import { RestartPause } from '../containers/restart-pause.ts';
import { launch, type Launcher, type Running } from '../containers/running.ts';
import type { SaidLine } from '../containers/tasks.ts';
import { type Bounds, type IdleRule, idleSlots, nextLookMs } from './idle-slots.ts';
import { type Place, type Slot, warmCount, withRoom } from './slot.ts';
import { WaitingLine } from './waiting-line.ts';

/** One for all revisions. */
export interface PoolOptions extends Omit<Launcher, 'say'> {
  /** Adds a line to the revision's log. */
  readonly say: (revision: string, line: SaidLine) => void;
  /** How long an instance beyond {@link Bounds.min} may be without a request. */
  readonly scaleDownMs: number;
  /** How long a request waits for room before 429. */
  readonly queueMs: number;
  /** Called whenever the number of warm instances or the number wanted may have changed. */
  readonly onCount: (count: InstanceCount) => void;
}

export interface NewPool {
  readonly options: PoolOptions;
  readonly bounds: Bounds;
  /** How many instances the revision has had before. */
  readonly starts: number;
  /** Told when the last instance of a revision that nobody can reach is gone. */
  readonly onEmpty: () => void;
}

/**
 * The instances of a revision. A request goes to the ready one with the fewest requests, the oldest of equals; when all have `concurrency` of them the next
 * instance is started, up to the maximum; then requests wait in line. Instances beyond the minimum are stopped when they have idled for long enough.
 */
export class InstancePool {
  readonly #spec: RevisionSpec;
  readonly #options: PoolOptions;
  /** Made with the first request that waits: most revisions of a full store never have one. */
  #line: WaitingLine | undefined;
  readonly #onEmpty: () => void;
  #slots: Slot[] = [];
  #bounds: Bounds;
  #boundsSinceMs = performance.now();
  #starts: number;
  readonly #pause = new RestartPause();
  #isStopped = false;
  #idleTimer: NodeJS.Timeout | undefined;
  #restartTimer: NodeJS.Timeout | undefined;

  constructor(spec: RevisionSpec, { options, bounds, starts, onEmpty }: NewPool) {
    this.#spec = spec;
    this.#options = options;
    this.#bounds = bounds;
    this.#starts = starts;
    this.#onEmpty = onEmpty;
  }

  /** Instances that the revision has ever had. */
  get starts(): number {
    return this.#starts;
  }

  /** Instances that have passed their startup probe. */
  get warm(): number {
    return warmCount(this.#slots);
  }

  /** A place at an instance that has room now, at the preferred instance if it is one of them. */
  take(preferred?: string): Place | undefined {
    const slot = withRoom(this.#slots, this.#spec.concurrency, preferred);
    if (slot?.up === undefined) return undefined;
    slot.inFlight += 1;
    return { slot, running: slot.up };
  }

  /** Waits for a place, and starts another instance for it if there may be one. Rejects with {@link StartFailure} or `NoRoom`. */
  wait(signal: AbortSignal): Promise<Place> {
    if (this.#isStopped) return Promise.reject(removed());
    this.#line ??= new WaitingLine(this.#options.queueMs, () => this.#state());
    const place = this.#line.join(signal);
    this.#grow();
    return place;
  }

  giveBack(slot: Slot): void {
    slot.inFlight -= 1;
    if (slot.inFlight === 0) slot.idleSinceMs = performance.now();
    if (this.#waiting > 0) this.#serve();
  }

  /** Starts an instance if there is none, whatever the bounds. */
  startOne(): Promise<Running> {
    if (this.#isStopped) return Promise.reject(removed());
    return (this.#slots[0] ?? this.#start()).running;
  }

  setBounds(bounds: Bounds): void {
    this.#bounds = bounds;
    this.#boundsSinceMs = performance.now();
    this.#keepMinimum();
    this.#grow();
    clearTimeout(this.#idleTimer);
    this.#idleTimer = undefined;
    this.#watchIdle();
    this.#tellCount();
  }

  /** For good. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#restartTimer);
    this.#line?.refuse(removed());
    await Promise.all(this.#slots.map((slot) => this.#stopSlot(slot)));
  }

  get #waiting(): number {
    return this.#line?.length ?? 0;
  }

  #say(text: string): void {
    this.#options.say(this.#spec.name, { stream: 'system', text });
  }

  #tellCount(): void {
    this.#options.onCount({ revision: this.#spec.name, warm: this.warm, wanted: this.#bounds.min });
    if (this.#isDone()) this.#onEmpty();
  }

  /** One that is stopped for good stays, to refuse what still comes. */
  #isDone(): boolean {
    if (this.#isStopped || this.#bounds.idleMs === undefined) return false;
    return this.#slots.length === 0 && this.#waiting === 0;
  }

  #state(): 'may-grow' | 'full' | 'none-ready' {
    if (this.#slots.some(({ up }) => up === undefined)) return 'may-grow';
    if (this.#slots.length < this.#bounds.max) return 'may-grow';
    return this.#slots.some(({ isReady }) => isReady) ? 'full' : 'none-ready';
  }

  #serve(): void {
    while (this.#waiting > 0) {
      const place = this.take();
      if (place === undefined) return;
      this.#line?.serve(place);
    }
  }

  /** Starts as many instances as the waiting requests fill. */
  #grow(): void {
    const starting = this.#slots.filter(({ up }) => up === undefined).length;
    const missing = Math.ceil(this.#waiting / this.#spec.concurrency) - starting;
    const room = this.#bounds.max - this.#slots.length;
    for (let count = Math.min(missing, room); count > 0; count -= 1) this.#start();
  }

  #keepMinimum(): void {
    const missing = Math.min(this.#bounds.min, this.#bounds.max) - this.#slots.length;
    if (this.#isStopped) return;
    for (let count = missing; count > 0; count -= 1) {
      this.#start().running.catch((thrown: unknown) => {
        this.#say(notStarted(thrown));
      });
    }
  }

  #start(): Slot {
    this.#starts += 1;
    const number = this.#starts;
    this.#say(number === 1 ? 'Starting new instance.' : `Starting instance ${number}.`);
    const abort = new AbortController();
    const slot: Slot = {
      number,
      abort,
      running: launch(this.#spec, {
        ...this.#options,
        say: (stream, text, container) => {
          this.#options.say(this.#spec.name, { stream, text, container });
        },
        signal: abort.signal,
        onReadiness: (isReady) => {
          this.#setReady(slot, isReady);
        },
      }),
      up: undefined,
      isReady: true,
      inFlight: 0,
      upSinceMs: 0,
      idleSinceMs: 0,
    };
    this.#slots.push(slot);
    slot.running.then(
      (running) => {
        this.#cameUp(slot, running);
      },
      (thrown: unknown) => {
        this.#left(slot);
        if (this.#slots.length === 0) this.#line?.refuse(thrown);
      },
    );
    return slot;
  }

  #cameUp(slot: Slot, running: Running): void {
    slot.up = running;
    slot.upSinceMs = performance.now();
    slot.idleSinceMs = slot.upSinceMs;
    void running.exited.then(() => {
      this.#left(slot);
    });
    this.#serve();
    this.#watchIdle();
    this.#tellCount();
  }

  #setReady(slot: Slot, isReady: boolean): void {
    slot.isReady = isReady;
    if (isReady) this.#serve();
  }

  #left(slot: Slot): void {
    if (!this.#slots.includes(slot)) return;
    const upMs = slot.up === undefined ? 0 : performance.now() - slot.upSinceMs;
    this.#pause.died(upMs);
    this.#slots = this.#slots.filter((other) => other !== slot);
    slot.up = undefined;
    this.#tellCount();
    if (this.#isStopped) return;
    if (this.#waiting > 0 && upMs > 0) this.#grow();
    this.#restartLater();
  }

  /** For the minimum, and for requests that still wait by then. */
  #restartLater(): void {
    if (this.#slots.length >= this.#bounds.min && this.#waiting === 0) return;
    clearTimeout(this.#restartTimer);
    this.#restartTimer = setTimeout(() => {
      this.#keepMinimum();
      this.#grow();
    }, this.#pause.ms).unref();
  }

  #watchIdle(): void {
    if (this.#idleTimer !== undefined || this.warm <= this.#bounds.min || this.#isStopped) return;
    this.#idleTimer = setTimeout(
      () => {
        this.#idleTimer = undefined;
        this.#stopIdle();
        this.#watchIdle();
      },
      nextLookMs(this.#slots, this.#idleRule()),
    ).unref();
  }

  #idleRule(): IdleRule {
    return {
      bounds: this.#bounds,
      boundsSinceMs: this.#boundsSinceMs,
      scaleDownMs: this.#options.scaleDownMs,
      nowMs: performance.now(),
    };
  }

  #stopIdle(): void {
    for (const slot of idleSlots(this.#slots, this.#idleRule())) {
      this.#say(`Shutting down instance ${slot.number}: ${this.#whyIdle()}`);
      this.#stopSlot(slot).catch((thrown: unknown) => {
        this.#say(`Instance ${slot.number} could not be stopped: ${messageOf(thrown)}`);
      });
    }
  }

  #whyIdle(): string {
    return this.#bounds.idleMs === undefined
      ? 'it had no requests for a while.'
      : 'the revision has neither traffic nor a tag.';
  }

  async #stopSlot(slot: Slot): Promise<void> {
    this.#slots = this.#slots.filter((other) => other !== slot);
    slot.abort.abort();
    this.#tellCount();
    const running = await slot.running.catch(() => undefined);
    await running?.stop();
  }
}

/** How the log says that nobody's request waited for the instance that did not start. */
export function notStarted(thrown: unknown): string {
  return `The instance could not be started: ${messageOf(thrown)}`;
}

function removed(): StartFailure {
  return new StartFailure('CONTAINER_MISSING', 'the revision was removed');
}
