import type { LatencyHistogram } from '../../data-plane.ts';

/** Upper bounds in milliseconds, by which Cloud Monitoring's request_latencies can be told. */
const boundsMs: readonly number[] = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000,
];

/** Counts latencies by {@link boundsMs}. */
export interface Histogram {
  readonly add: (latencyMs: number) => void;
  readonly read: () => LatencyHistogram;
}

export function histogram(): Histogram {
  const counts = [...boundsMs, Infinity].map(() => 0);
  let sumMs = 0;
  return {
    add: (latencyMs) => {
      let slot = 0;
      while (latencyMs > (boundsMs[slot] ?? Infinity)) slot += 1;
      counts[slot] = (counts[slot] ?? 0) + 1;
      sumMs += latencyMs;
    },
    read: () => ({ boundsMs, counts: [...counts], sumMs }),
  };
}
