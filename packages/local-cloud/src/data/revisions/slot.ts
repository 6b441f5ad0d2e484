import type { Running } from '../containers/running.ts';

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

/** Those that have passed their startup probe. */
export function warmCount(slots: readonly Slot[]): number {
  let count = 0;
  for (const slot of slots) if (slot.up !== undefined) count += 1;
  return count;
}

/** The ready one with the fewest requests, the oldest of equals; the preferred one if it has room. */
export function withRoom(
  slots: readonly Slot[],
  concurrency: number,
  preferred: string | undefined,
): Slot | undefined {
  let best: Slot | undefined;
  for (const slot of slots) {
    if (slot.up === undefined || !slot.isReady || slot.inFlight >= concurrency) continue;
    if (slot.up.id === preferred) return slot;
    if (best === undefined || slot.inFlight < best.inFlight) best = slot;
  }
  return best;
}
