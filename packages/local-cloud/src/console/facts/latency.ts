import type { MinuteCounts } from '../../data-plane.ts';

/**
 * The time within which 95 of 100 answers came, of the minutes that end after `fromMs`: the upper bound of the class that it falls into, `Infinity`
 * beyond the last. Undefined where there was no answer.
 */
export function slowest(series: readonly MinuteCounts[], fromMs: number): number | undefined {
  const classes = series
    .filter(({ startMs }) => startMs + 60_000 > fromMs)
    .flatMap(({ byClass }) => Object.values(byClass));
  const counts = (classes[0]?.counts ?? []).map((_, index) =>
    classes.reduce((sum, histogram) => sum + (histogram.counts[index] ?? 0), 0),
  );
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let seen = 0;
  const reached = counts.findIndex((count) => (seen += count) >= total * 0.95);
  return classes[0]?.boundsMs[reached] ?? Infinity;
}
