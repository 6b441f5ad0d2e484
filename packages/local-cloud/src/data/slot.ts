import type { Running } from './running.ts';

/** One instance in the pool, from its start on. */
export interface Slot {
  /** 1 for the first that the revision ever had. */
  readonly number: number;
  readonly running: Promise<Running>;
  readonly abort: AbortController;
  /** Set once the startup probe has passed, until the instance ends. */
  up: Running | undefined;
  upSinceMs: number;
  /** Whether the readiness probe lets requests to it. */
  isReady: boolean;
  inFlight: number;
  idleSinceMs: number;
}

/** A request's place at an instance, to be given back. */
export interface Place {
  readonly slot: Slot;
  readonly running: Running;
}
