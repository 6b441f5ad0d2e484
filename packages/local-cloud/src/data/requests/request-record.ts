import type { Caller, Sizes } from './caller.ts';
import type { Trace } from './trace.ts';

/** One request as the log of requests has it, written when it was over. */
export interface RequestRecord {
  readonly timeMs: number;
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** Of the messages as they went over the wire, headers included. */
  readonly sizes: Sizes;
  readonly userAgent: string | undefined;
  readonly referer: string | undefined;
  readonly remoteIp: string;
  readonly latencyMs: number;
  /** `HTTP/1.1`, `HTTP/2` */
  readonly protocol: string;
  readonly trace: Trace;
  /** That answered; absent for what the platform answered by itself. */
  readonly instance: string | undefined;
  /** What the platform says of a request that it answered by itself. */
  readonly said: string | undefined;
}

/** What is known of a request beside what its caller says. */
export interface Outcome {
  readonly timeMs: number;
  readonly latencyMs: number;
  readonly trace: Trace;
  /** As the caller has it unless told. */
  readonly status?: number;
  readonly instance?: string | undefined;
  readonly said?: string | undefined;
}

/** The usual code for a client that did not wait for the answer. */
const clientGone = 499;

export function requestRecord(caller: Caller, outcome: Outcome): RequestRecord {
  return {
    timeMs: outcome.timeMs,
    method: caller.method,
    url: `http://${caller.host}${caller.path}`,
    status: outcome.status ?? caller.status ?? clientGone,
    sizes: caller.sizes(),
    userAgent: caller.header('user-agent'),
    referer: caller.header('referer'),
    remoteIp: caller.address,
    latencyMs: outcome.latencyMs,
    protocol: caller.protocol,
    trace: outcome.trace,
    instance: outcome.instance,
    said: outcome.said,
  };
}
