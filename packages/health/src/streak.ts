import type { ProbeVerdict } from './probe.ts';

/** Looks at one candidate so far. */
export interface Streak {
  readonly looks: number;
  /** Healthy looks in a row, up to now. */
  readonly healthy: number;
  readonly last: ProbeVerdict | undefined;
}

export const noLooks: Streak = { looks: 0, healthy: 0, last: undefined };

/** One look more; anything but healthy starts the row again. */
export function lookedAt(streak: Streak, verdict: ProbeVerdict): Streak {
  return {
    looks: streak.looks + 1,
    healthy: verdict.kind === 'healthy' ? streak.healthy + 1 : 0,
    last: verdict,
  };
}

export interface Patience {
  /** Healthy looks in a row that settle it. */
  readonly successes: number;
  /** Looks in all. */
  readonly attempts: number;
}

export type Verdict =
  | { readonly kind: 'healthy'; readonly provenBy: 'revision' | 'version' | 'nothing' }
  | { readonly kind: 'unhealthy'; readonly because: string }
  | { readonly kind: 'inconclusive'; readonly because: string };

/**
 * The verdict when the row is long enough, or when no look is left; undefined to look again. A candidate that never
 * showed itself (stale to the end) is unhealthy; one that could not be asked is inconclusive.
 */
export function settled(streak: Streak, patience: Patience): Verdict | undefined {
  const { last, healthy } = streak;
  if (last?.kind === 'healthy' && healthy >= patience.successes) return last;
  return streak.looks >= patience.attempts ? exhausted(streak, patience.successes) : undefined;
}

/** The verdict when time is up before the row is long enough. */
export function exhausted({ looks, healthy, last }: Streak, successes: number): Verdict {
  if (last === undefined) return { kind: 'inconclusive', because: 'it was never asked' };
  const after = looks === 1 ? 'after 1 attempt' : `after ${looks} attempts`;
  switch (last.kind) {
    case 'healthy':
      return {
        kind: 'inconclusive',
        because: `${healthy} of ${successes} healthy answers in a row ${after}`,
      };
    case 'stale':
    case 'unhealthy':
      return { kind: 'unhealthy', because: `${last.because} (${after})` };
    case 'inconclusive':
      return { kind: 'inconclusive', because: `${last.because} (${after})` };
  }
}

/** The verdict over many: unhealthy has precedence over inconclusive, and nothing at all is inconclusive. */
export function overall(verdicts: readonly Verdict[]): Verdict['kind'] {
  if (verdicts.some(({ kind }) => kind === 'unhealthy')) return 'unhealthy';
  return verdicts.length > 0 && verdicts.every(({ kind }) => kind === 'healthy') ? 'healthy' : 'inconclusive';
}
