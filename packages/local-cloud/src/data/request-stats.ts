import type { LatencyHistogram, RevisionStats } from '../data-plane.ts';

type StatusClass = keyof RevisionStats['byClass'];

/** Upper bounds in milliseconds, by which Cloud Monitoring's request_latencies can be told. */
const latencyBoundsMs: readonly number[] = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000,
];

/** Counts the answers of one revision. */
export function requestStats(): RequestStats {
  const byClass: Record<StatusClass, number> = { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 };
  const counts = [...latencyBoundsMs, Infinity].map(() => 0);
  let sumMs = 0;
  return {
    count: (status, latencyMs) => {
      byClass[classOf(status)] += 1;
      const index = latencyBoundsMs.findIndex((bound) => latencyMs <= bound);
      const slot = index === -1 ? latencyBoundsMs.length : index;
      counts[slot] = (counts[slot] ?? 0) + 1;
      sumMs += latencyMs;
    },
    read: () => ({
      requests: Object.values(byClass).reduce((sum, count) => sum + count, 0),
      byClass: { ...byClass },
      latency: { boundsMs: latencyBoundsMs, counts: [...counts], sumMs },
    }),
  };
}

export interface RequestStats {
  readonly count: (status: number, latencyMs: number) => void;
  readonly read: () => {
    readonly requests: number;
    readonly byClass: RevisionStats['byClass'];
    readonly latency: LatencyHistogram;
  };
}

function classOf(status: number): StatusClass {
  if (status < 200) return '1xx';
  if (status < 300) return '2xx';
  if (status < 400) return '3xx';
  return status < 500 ? '4xx' : '5xx';
}
