import { EFFECTS } from './effects.ts';
import type { Fault, FaultMatch } from './fault.ts';

/** A fault that counts what fits it. */
export interface Counted {
  readonly fault: Fault;
  /** Whether it is due for this one, which it counts when it fits. */
  readonly count: (texts: FaultMatch, nowMs: number) => boolean;
  /** Counts a hit and answers the fault. */
  readonly hit: () => Fault;
  readonly counts: () => { readonly seen: number; readonly hits: number };
}

export function counted(fault: Fault): Counted {
  const patterns = FIELDS.map((field) => [field, patternOf(field, fault.match[field])] as const);
  const fits = (texts: FaultMatch) =>
    patterns.every(([field, pattern]) => pattern?.test(texts[field] ?? '') ?? true);
  const isDue = fault.effect === 'rate-limit' ? overBudget(fault.perMinute ?? 0) : inTurn(fault);
  let seen = 0;
  let hits = 0;
  return {
    fault,
    count: (texts, nowMs) => {
      if (!fits(texts)) return false;
      seen += 1;
      return isDue(seen, nowMs);
    },
    hit: () => {
      hits += 1;
      return fault;
    },
    counts: () => ({ seen, hits }),
  };
}

// A method is told by its whole name, all else by what it contains.
function patternOf(field: keyof FaultMatch, pattern: string | undefined): RegExp | undefined {
  if (pattern === undefined) return undefined;
  return new RegExp(field === 'method' ? `^(?:${pattern})$` : pattern);
}

const FIELDS = ['method', 'path', 'rpc', 'image', 'service'] as const;

type Due = (seen: number, nowMs: number) => boolean;

function inTurn({ effect, nth = 1, every = 1, times = defaultTimes(effect) }: Fault): Due {
  return (seen) => {
    const turn = (seen - nth) / every;
    return turn >= 0 && Number.isInteger(turn) && (times === 'all' || turn < times);
  };
}

/** What cannot be counted is in force for as long as it is set. */
function defaultTimes(effect: Fault['effect']): 1 | 'all' {
  return EFFECTS[effect].may.includes('times') ? 1 : 'all';
}

/** The minutes are those of the clock, as quotas are refilled. */
function overBudget(perMinute: number): Due {
  let minute = Number.NaN;
  let spent = 0;
  return (_, nowMs) => {
    const current = Math.floor(nowMs / 60_000);
    spent = current === minute ? spent + 1 : 1;
    minute = current;
    return spent > perMinute;
  };
}
