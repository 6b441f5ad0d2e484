import { type Slot, warmCount } from './slot.ts';

/** What the routes and the scaling settings ask of a revision now. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
  /** How long an instance beyond the minimum may idle; the pool's own time unless told. */
  readonly idleMs?: number;
}

export interface IdleRule {
  readonly bounds: Bounds;
  /** A time of its own counts from when the bounds were set. */
  readonly boundsSinceMs: number;
  /** When the bounds name none. */
  readonly scaleDownMs: number;
  readonly nowMs: number;
}

/** Instances to be stopped now, the newest first; never more than are beyond the minimum. */
export function idleSlots(slots: readonly Slot[], rule: IdleRule): readonly Slot[] {
  const extra = Math.max(0, warmCount(slots) - rule.bounds.min);
  const idleMs = idleMsOf(slots, rule);
  return slots
    .filter(
      (slot) => slot.up !== undefined && slot.inFlight === 0 && idleUntil(slot, rule, idleMs) <= rule.nowMs,
    )
    .reverse()
    .slice(0, extra);
}

/** How long nothing can change by itself. */
export function nextLookMs(slots: readonly Slot[], rule: IdleRule): number {
  const idleMs = idleMsOf(slots, rule);
  const waits = slots.map((slot) => idleUntil(slot, rule, idleMs) - rule.nowMs);
  return Math.max(shortestLookMs, Math.min(...waits));
}

// An instance in use is looked at again after this time at the earliest.
const shortestLookMs = 10;

function idleMsOf(slots: readonly Slot[], { bounds, scaleDownMs }: IdleRule): number {
  return slots.length > bounds.max ? 0 : (bounds.idleMs ?? scaleDownMs);
}

function idleUntil(slot: Slot, { bounds, boundsSinceMs, nowMs }: IdleRule, idleMs: number): number {
  const since = slot.inFlight > 0 || slot.up === undefined ? nowMs : slot.idleSinceMs;
  return idleMs + (bounds.idleMs === undefined ? since : Math.max(since, boundsSinceMs));
}
