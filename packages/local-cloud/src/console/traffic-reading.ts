import { type Counts, type Slot, SLOT_MS, sum } from './traffic-history.ts';

/** What came in the `ms` before now. */
export function countsSince(slots: readonly Slot[], nowMs: number, ms: number): Counts {
  return countsFrom(slots, nowMs - ms - SLOT_MS + 1);
}

/** What came in the slots that begin at a time or later. */
export function countsFrom(slots: readonly Slot[], fromMs: number): Counts {
  const before = slots.findLastIndex(({ startMs }) => startMs < fromMs);
  return sum(slots.slice(before + 1));
}

/** One bar of a chart: the counts from `startMs` on, for as long as the chart's bars are. */
export interface Bar extends Counts {
  readonly startMs: number;
}

export interface Span {
  readonly nowMs: number;
  readonly bars: number;
  /** Length of one bar; a multiple of {@link SLOT_MS}. */
  readonly barMs: number;
}

/** All bars up to now, oldest first; bars begin at whole multiples of their length, so that they stand still while time goes on. */
export function barsOf(slots: readonly Slot[], { nowMs, bars, barMs }: Span): readonly Bar[] {
  const newest = Math.floor(nowMs / barMs) * barMs;
  return Array.from({ length: bars }, (_, index) => {
    const startMs = newest - (bars - 1 - index) * barMs;
    const within = slots.filter((slot) => slot.startMs >= startMs && slot.startMs < startMs + barMs);
    return { startMs, ...sum(within) };
  });
}

/** Errors that go on: since when, and when the last was seen. Both are as exact as a slot is long. */
export interface ErrorSpell {
  readonly sinceMs: number;
  readonly lastMs: number;
}

/** A minute without an error ends a spell. */
const QUIET_MS = 60_000;

/** The spell that goes on now; undefined when the last minute had no error. */
export function errorSpell(slots: readonly Slot[], nowMs: number): ErrorSpell | undefined {
  if (!isErring(slots, nowMs)) return undefined;
  const erring = slots.filter(({ errors }) => errors > 0).map(({ startMs }) => startMs);
  const lastMs = erring.at(-1);
  if (lastMs === undefined) return undefined;
  const begin = erring.findLastIndex((at, index) => at - (erring[index - 1] ?? -Infinity) > QUIET_MS);
  return { sinceMs: erring[begin] ?? lastMs, lastMs };
}

/** Whether the last minute had an error. */
export function isErring(slots: readonly Slot[], nowMs: number): boolean {
  const last = slots.findLast(({ errors }) => errors > 0);
  return last !== undefined && nowMs - last.startMs <= QUIET_MS + SLOT_MS;
}
