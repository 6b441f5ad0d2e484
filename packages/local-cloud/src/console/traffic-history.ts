/** How many requests a revision has answered: in all since it was first started, or within some time. */
export interface Counts {
  readonly requests: number;
  /** Requests that its share of the service's traffic brought; the others came by a tag. */
  readonly byShare: number;
  /** Answers from 400 to 499. */
  readonly refused: number;
  /** Answers from 500 on. */
  readonly errors: number;
}

export const NO_COUNTS: Counts = { requests: 0, byShare: 0, refused: 0, errors: 0 };

/** What a revision answered in the five seconds from `startMs` on. */
export interface Slot extends Counts {
  readonly startMs: number;
}

export const SLOT_MS = 5_000;
export const KEPT_MS = 15 * 60_000;

/** The last fifteen minutes of every revision that had a request in them. */
export interface TrafficHistory {
  /** Takes what the revision has counted in all, as of now. Counts that went down are those of a revision that was made anew. */
  readonly record: (revision: string, atMs: number, total: Counts) => void;
  /** Oldest first; slots in which nothing came are left out. */
  readonly slots: (revision: string) => readonly Slot[];
  /** Revisions that were ever recorded and not forgotten. */
  readonly revisions: () => readonly string[];
  readonly forget: (revision: string) => void;
}

export function trafficHistory(): TrafficHistory {
  const kept = new Map<string, Kept>();
  return {
    record: (revision, atMs, total) => {
      const known = kept.get(revision) ?? { total: NO_COUNTS, slots: [] };
      kept.set(revision, known);
      drop(known.slots, atMs - KEPT_MS);
      add(known.slots, slotStart(atMs), growth(known.total, total));
      known.total = total;
    },
    slots: (revision) => kept.get(revision)?.slots ?? [],
    revisions: () => [...kept.keys()],
    forget: (revision) => {
      kept.delete(revision);
    },
  };
}

// Changed in place: with many busy revisions, copies would cost more than all else of the console.
interface Kept {
  total: Counts;
  readonly slots: Slot[];
}

function drop(slots: Slot[], untilMs: number): void {
  const young = slots.findIndex(({ startMs }) => startMs > untilMs);
  slots.splice(0, young === -1 ? slots.length : young);
}

function add(slots: Slot[], startMs: number, counts: Counts): void {
  if (counts.requests === 0 && counts.byShare === 0) return;
  const last = slots.at(-1);
  if (last?.startMs === startMs) slots.splice(-1, 1, { startMs, ...sum([last, counts]) });
  else slots.push({ startMs, ...counts });
}

function slotStart(atMs: number): number {
  return Math.floor(atMs / SLOT_MS) * SLOT_MS;
}

function growth(before: Counts, total: Counts): Counts {
  const from = total.requests < before.requests ? NO_COUNTS : before;
  return {
    requests: total.requests - from.requests,
    byShare: Math.max(0, total.byShare - from.byShare),
    refused: total.refused - from.refused,
    errors: total.errors - from.errors,
  };
}

export function sum(all: readonly Counts[]): Counts {
  return all.reduce<Counts>(
    (total, { requests, byShare, refused, errors }) => ({
      requests: total.requests + requests,
      byShare: total.byShare + byShare,
      refused: total.refused + refused,
      errors: total.errors + errors,
    }),
    NO_COUNTS,
  );
}
