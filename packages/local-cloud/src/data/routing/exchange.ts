import type { Caller, Refusal } from '../requests/caller.ts';
import { requestRecord } from '../requests/request-record.ts';
import { type Trace, traceOf } from '../requests/trace.ts';
import type { Lease } from '../revisions/lease.ts';
import type { Revision } from '../revisions/revision.ts';
import type { Destination } from './destination.ts';

/** One request on its way through: over when it is answered, its client is gone or its time is up. */
export class Exchange {
  readonly caller: Caller;
  readonly revision: Revision;
  readonly isPrivate: boolean;
  readonly lease: Lease;
  readonly trace: Trace;
  #instance: string | undefined;
  #said: string | undefined;
  #isOver = false;
  #cut: (() => void) | undefined;
  #waiting: AbortController | undefined;

  constructor(caller: Caller, { revision, isPrivate = false }: Destination) {
    this.caller = caller;
    this.revision = revision;
    this.isPrivate = isPrivate;
    this.lease = revision.lease();
    this.trace = traceOf(caller);
    const startedMs = performance.now();
    const timer = setTimeout(() => {
      this.#timeOut();
    }, revision.spec.timeoutSeconds * 1_000);
    caller.onClose(() => {
      clearTimeout(timer);
      this.#end();
      this.#settle(performance.now() - startedMs);
    });
  }

  #settle(latencyMs: number): void {
    const { status } = this.caller;
    this.lease.end(status === undefined ? undefined : { status, latencyMs });
    this.revision.log((timeMs) =>
      requestRecord(this.caller, {
        timeMs,
        latencyMs,
        trace: this.trace,
        instance: this.#instance,
        said: this.#said,
      }),
    );
  }

  /** Notes which instance the request goes to; one that did not answer is replaced by the next. */
  goesTo(instance: string): void {
    this.#instance = instance;
  }

  /** Aborts when the exchange is over; only a request that has to wait needs it. */
  readonly signal = (): AbortSignal => {
    this.#waiting ??= new AbortController();
    if (this.#isOver) this.#waiting.abort();
    return this.#waiting.signal;
  };

  hasEnded(): boolean {
    return this.#isOver;
  }

  /** What is to be done with the instance's side when the exchange is over; replaces what was said before. */
  onOver(cut: () => void): void {
    this.#cut = cut;
  }

  refuse(refusal: Refusal): void {
    this.#said ??= refusal.logged;
    this.caller.refuse(refusal);
  }

  #timeOut(): void {
    this.refuse(upstreamTimeout);
    this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#waiting?.abort();
    this.#cut?.();
  }
}

export const upstreamTimeout: Refusal = {
  status: 504,
  body: 'upstream request timeout',
  logged:
    'The request has been terminated because it has reached the maximum request timeout. To change this limit, see https://cloud.google.com/run/docs/configuring/request-timeout',
};
