import { messageOf } from '@fairlead/action-kit';

import type { RevisionSpec, RevisionStats, StartOutcome } from '../data-plane.ts';
import { shortName } from './container-env.ts';
import { StartFailure } from './engine.ts';
import { requestStats } from './request-stats.ts';
import { launch, type Launcher, type Running } from './running.ts';

/** `idle` has no address, `reachable` has one without a share of the traffic (a tag), `serving` has a share. */
export type Reach = 'idle' | 'reachable' | 'serving';

/** One request's hold on a revision: while it lasts, no instance of it is stopped for being idle. */
export interface Lease {
  /** The running instance; throws {@link StartFailure} when it cannot be started. Asked again after the instance ended, it starts another. */
  readonly instance: () => Promise<Running>;
  readonly end: (answer?: { readonly status: number; readonly latencyMs: number }) => void;
}

export interface RevisionOptions extends Launcher {
  /** How long a revision that nobody can reach stays up. */
  readonly idleMs: number;
}

// A container that ends at once must not be started in a tight loop.
const restartPauseMs = 1_000;

/**
 * A revision and its instance. At most one instance runs: scaling to more is left for later, `maxInstances` and `concurrency` are carried and
 * not acted on. With a share of the traffic, or with `minInstances` and a tag, it is kept up; out of reach it is stopped; a request starts it again.
 */
export class Revision {
  readonly spec: RevisionSpec;
  readonly #options: RevisionOptions;
  readonly #counted = requestStats();
  readonly #waiters: (() => void)[] = [];
  #current: Attempt | undefined;
  #first: Promise<StartOutcome> | undefined;
  #reach: Reach = 'idle';
  #inFlight = 0;
  #starts = 0;
  #byShare = 0;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(spec: RevisionSpec, options: RevisionOptions) {
    this.spec = spec;
    this.#options = options;
  }

  /** The outcome of the first start, however often it is asked. */
  firstStart(): Promise<StartOutcome> {
    this.#first ??= this.#instance().then(ready, failed);
    return this.#first;
  }

  /** Adds a line of the platform's own to the revision's log. */
  readonly say = (text: string): void => {
    this.#options.say('system', text);
  };

  /** By its full resource name or by the last segment of it. */
  isNamed(name: string): boolean {
    return name === this.spec.name || name === shortName(this.spec.name);
  }

  lease(): Lease {
    this.#inFlight += 1;
    clearTimeout(this.#timer);
    return {
      instance: () => this.#instance(),
      end: (answer) => {
        this.#inFlight -= 1;
        if (answer !== undefined) this.#counted.count(answer.status, answer.latencyMs);
        if (this.#inFlight > 0) return;
        this.#waiters.splice(0).forEach((wake) => {
          wake();
        });
        this.#stopWhenIdle();
      },
    };
  }

  setReach(reach: Reach): void {
    this.#reach = reach;
    this.#keepUp();
    this.#stopWhenIdle();
  }

  stats(): RevisionStats {
    return {
      ...this.#counted.read(),
      byShare: this.#byShare,
      inFlight: this.#inFlight,
      instances: this.#current?.isUp === true ? 1 : 0,
      starts: this.#starts,
    };
  }

  /** Notes that its share of the traffic brought it a request. */
  countByShare(): void {
    this.#byShare += 1;
  }

  /** Resolves when no request is in flight, or `deadlineMs` have passed. */
  drained(deadlineMs: number): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, deadlineMs);
      this.#waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** For good: no request starts it again. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#stopInstance();
  }

  #instance(): Promise<Running> {
    if (this.#isStopped)
      return Promise.reject(new StartFailure('CONTAINER_MISSING', 'the revision was removed'));
    this.#current ??= this.#begin();
    return this.#current.running;
  }

  #begin(): Attempt {
    this.#starts += 1;
    this.#options.say(
      'system',
      this.#starts === 1 ? 'Starting new instance.' : `Starting instance ${this.#starts}.`,
    );
    const abort = new AbortController();
    const attempt: Attempt = {
      running: launch(this.spec, { ...this.#options, signal: abort.signal }),
      abort,
      isUp: false,
    };
    attempt.running.then(
      (running) => {
        attempt.isUp = true;
        this.#stopWhenIdle();
        void running.exited.then(() => {
          this.#ended(attempt);
        });
      },
      () => {
        this.#ended(attempt);
      },
    );
    return attempt;
  }

  #ended(attempt: Attempt): void {
    attempt.isUp = false;
    if (this.#current !== attempt) return;
    this.#current = undefined;
    if (this.spec.minInstances === 0 || !this.#isKept()) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#keepUp();
    }, restartPauseMs).unref();
  }

  #isKept(): boolean {
    if (this.#isStopped) return false;
    return this.#reach === 'serving' || (this.#reach === 'reachable' && this.spec.minInstances > 0);
  }

  #keepUp(): void {
    if (!this.#isKept() || this.#current !== undefined) return;
    this.#instance().catch((thrown: unknown) => {
      this.#options.say('system', `The instance could not be started: ${messageOf(thrown)}`);
    });
  }

  #stopWhenIdle(): void {
    clearTimeout(this.#timer);
    if (this.#reach !== 'idle' || this.#inFlight > 0 || this.#current?.isUp !== true) return;
    this.#timer = setTimeout(() => {
      this.#options.say('system', 'Shutting down the instance: the revision has neither traffic nor a tag.');
      void this.#stopInstance();
    }, this.#options.idleMs).unref();
  }

  async #stopInstance(): Promise<void> {
    clearTimeout(this.#timer);
    const leaving = this.#current;
    this.#current = undefined;
    if (leaving === undefined) return;
    leaving.abort.abort();
    const running = await leaving.running.catch(() => undefined);
    await running?.stop();
  }
}

interface Attempt {
  readonly running: Promise<Running>;
  readonly abort: AbortController;
  isUp: boolean;
}

function ready(): StartOutcome {
  return { kind: 'ready' };
}

function failed(thrown: unknown): StartOutcome {
  if (!(thrown instanceof StartFailure)) throw thrown;
  return { kind: 'failed', reason: thrown.reason, message: thrown.message };
}
