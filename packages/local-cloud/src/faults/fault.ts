import type { Limits } from '../control/limits.ts';

/** What goes wrong on command. All that `match` gives must fit; which calls of those that fit are hit is counted. */
export interface Fault {
  readonly match: FaultMatch;
  /** Counts what fits from 1: the first that is hit; 1 unless told. */
  readonly nth?: number;
  /** How many are hit; 1 unless told. */
  readonly times?: number | 'all';
  /** Of those that fit from the `nth` on, each that many-th is hit; 1 (in a row) unless told. */
  readonly every?: number;
  readonly effect: Effect;
  /** For `status`: the HTTP code; 503 unless told. */
  readonly status?: number;
  /** For `status`, `start-fails`, `task-fails` and `routes-fail`: in place of what Cloud Run says. */
  readonly message?: string;
  /** For `status`: a google.rpc.Code name; that of the HTTP code unless told. */
  readonly code?: string;
  /** For `status`: `Retry-After` in seconds. */
  readonly retryAfter?: number;
  /** For `start-fails` (HEALTH_CHECK_CONTAINER_ERROR unless told) and `routes-fail` (PROGRESS_DEADLINE_EXCEEDED unless told). */
  readonly reason?: string;
  /** For `task-fails`; 1 unless told. */
  readonly exitCode?: number;
  /** For `delay`. */
  readonly delayMs?: number;
  /** For `stale-list`, `stale-traffic` and `stale-tag`: how far behind; for `clock-skew`: how far ahead, behind when negative. */
  readonly seconds?: number;
  /** For `rate-limit`. */
  readonly perMinute?: number;
  /** For `quota`: in place of Cloud Run's own limits. */
  readonly limits?: Partial<Limits>;
}

export interface FaultMatch {
  readonly method?: string;
  /** A regular expression over path and query. */
  readonly path?: string;
  /** A regular expression over the full name of the method, `google.cloud.run.v2.Services.UpdateService`. */
  readonly rpc?: string;
  /** Regular expressions over the image and over the full name of the service or job. */
  readonly image?: string;
  readonly service?: string;
}

export type Effect = CallEffect | RunEffect | RouteEffect | StoreEffect;

/**
 * Of one call. `fail-before`: the connection breaks and nothing is applied; `drop-reply`: the call is applied and the connection breaks;
 * `apply-then-503`: the call is applied and answered 503; `status`: nothing is applied and `status` is answered; `delay`: the call is taken up
 * `delayMs` later; `operation-hangs` and `operation-lost`: the operation that the call starts is never done, or unknown to all who ask;
 * `restart`: all operations so far are forgotten before the call; `stale-list`: what is younger than `seconds` is missing;
 * `rate-limit`: once `perMinute` calls have been answered in a minute, the others get 429.
 */
export type CallEffect =
  | 'fail-before'
  | 'drop-reply'
  | 'apply-then-503'
  | 'status'
  | 'delay'
  | 'operation-hangs'
  | 'operation-lost'
  | 'restart'
  | 'stale-list'
  | 'rate-limit';

/** Of one start: a revision that does not start, a task that exits non-zero or runs until it is cancelled. */
export type RunEffect = 'start-fails' | 'task-fails' | 'task-hangs';

/**
 * Of one change of a service's routes. `routes-fail`: nothing changes and the write fails; `stale-traffic`: the write is done, requests go the old
 * ways for `seconds`; `stale-tag`: likewise for the tags alone.
 */
export type RouteEffect = 'routes-fail' | 'stale-traffic' | 'stale-tag';

/**
 * Of what is stored. `old-failure`: a write of traffic alone gets the failure of the newest revision again; `latest-ready-stays`: a ready revision
 * without a share does not become the latest ready one; `quota`: other limits; `clock-skew`: times that are not those of this machine.
 */
export type StoreEffect = 'old-failure' | 'latest-ready-stays' | 'quota' | 'clock-skew';

/** A fault in force, as `GET /-/faults` lists it. */
export interface ActiveFault extends Fault {
  readonly id: string;
  /** How many calls, starts or changes have fitted. */
  readonly seen: number;
  readonly hits: number;
}
