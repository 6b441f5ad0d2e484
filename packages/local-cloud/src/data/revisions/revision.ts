import type { MinuteCounts, RevisionSpec, RevisionStats, StartOutcome } from '../../data-plane.ts';
import { shortName } from '../containers/container-env.ts';
import { StartFailure } from '../containers/engine.ts';
import type { RequestRecord } from '../requests/request-record.ts';
import { InstancePool, notStarted, type PoolOptions } from './instance-pool.ts';
import { Lease } from './lease.ts';
import { type RequestStats, requestStats } from './request-stats.ts';

/** `idle` has no address, `reachable` has one without a share of the traffic (a tag), `serving` has a share. */
export type Reach = 'idle' | 'reachable' | 'serving';

export interface RevisionOptions extends PoolOptions {
  /** How long a revision that nobody can reach stays up. */
  readonly idleMs: number;
  /** Told of every request when it is over, with the full name of the revision. */
  readonly onRequest: (revision: string, record: RequestRecord) => void;
}

/** What a revision's service gives it: its reach, and its part of what the service as a whole is to have. */
export interface Standing {
  readonly reach: Reach;
  readonly min?: number;
  readonly max?: number;
}

const uncounted = requestStats(() => 0);

/** A revision with its instances and what it has answered. */
export class Revision {
  readonly spec: RevisionSpec;
  readonly #options: RevisionOptions;
  /** Absent while there are no instances and nobody can reach it: most revisions of a full store are like that. */
  #pool: InstancePool | undefined;
  /** Made with the first answer: most revisions of a full store never give one. */
  #counted: RequestStats | undefined;
  #waiters: (() => void)[] | undefined;
  #first: Promise<StartOutcome> | undefined;
  #inFlight = 0;
  #byShare = 0;
  #startsBefore = 0;

  constructor(spec: RevisionSpec, options: RevisionOptions) {
    this.spec = spec;
    this.#options = options;
  }

  /** The outcome of the first start, however often it is asked. */
  firstStart(): Promise<StartOutcome> {
    this.#first ??= this.#open().startOne().then(ready, failed);
    return this.#first;
  }

  /** Adds a line of the platform's own to the revision's log. */
  say(text: string): void {
    this.#options.say(this.spec.name, { stream: 'system', text });
  }

  /** Adds to the log of requests what is made with the time of now. */
  log(record: (timeMs: number) => RequestRecord): void {
    this.#options.onRequest(this.spec.name, record(this.#options.clock.now()));
  }

  /** By its full resource name or by the last segment of it. */
  isNamed(name: string): boolean {
    return name === this.spec.name || name === shortName(this.spec.name);
  }

  lease(): Lease {
    this.#inFlight += 1;
    return new Lease(this.#open(), (answer) => {
      this.#inFlight -= 1;
      if (answer !== undefined) this.#count(answer.status, answer.latencyMs);
      if (this.#inFlight === 0) this.#waiters?.splice(0).forEach(wake);
    });
  }

  /** With a share of the traffic it is started at once, and the least that is to be warm is kept so. */
  setStanding({ reach, min = 0, max = this.spec.maxInstances }: Standing): void {
    const own = Math.max(Math.min(max, this.spec.maxInstances), reach === 'serving' ? 0 : 1);
    if (reach === 'idle') {
      this.#pool?.setBounds({ min: 0, max: own, idleMs: this.#options.idleMs });
      return;
    }
    const least = reach === 'serving' ? Math.max(min, this.spec.minInstances) : this.spec.minInstances;
    const pool = this.#open();
    pool.setBounds({ min: Math.min(least, own), max: own });
    if (reach === 'serving' && own > 0)
      pool.startOne().catch((thrown: unknown) => {
        this.say(notStarted(thrown));
      });
  }

  stats(): RevisionStats {
    return {
      ...(this.#counted ?? uncounted).read(),
      byShare: this.#byShare,
      inFlight: this.#inFlight,
      instances: this.#pool?.warm ?? 0,
      starts: this.#pool?.starts ?? this.#startsBefore,
    };
  }

  #count(status: number, latencyMs: number): void {
    this.#counted ??= requestStats(this.#options.clock.now);
    this.#counted.count(status, latencyMs);
  }

  series(): readonly MinuteCounts[] {
    return (this.#counted ?? uncounted).series();
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
      this.#waiters ??= [];
      this.#waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** For good: no request starts it again. */
  stop(): Promise<void> {
    return this.#open().stop();
  }

  #open(): InstancePool {
    const { idleMs } = this.#options;
    this.#pool ??= new InstancePool(this.spec, {
      options: this.#options,
      bounds: { min: 0, max: Math.max(this.spec.maxInstances, 1), idleMs },
      starts: this.#startsBefore,
      onEmpty: () => {
        this.#rest();
      },
    });
    return this.#pool;
  }

  #rest(): void {
    if (this.#inFlight > 0) return;
    this.#startsBefore = this.#pool?.starts ?? 0;
    this.#pool = undefined;
  }
}

function wake(waiter: () => void): void {
  waiter();
}

function ready(): StartOutcome {
  return { kind: 'ready' };
}

function failed(thrown: unknown): StartOutcome {
  if (!(thrown instanceof StartFailure)) throw thrown;
  return { kind: 'failed', reason: thrown.reason, message: thrown.message };
}
