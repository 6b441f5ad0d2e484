import type { LatencyHistogram, MinuteCounts, RevisionStats, StatusClass } from '../../data-plane.ts';
import { type Histogram, histogram } from './histogram.ts';

/** A day: what a person looks at and what a gate asks for lies within. */
const mostMinutes = 1_440;

/** Counts the answers of one revision. */
export function requestStats(now: () => number): RequestStats {
  const byClass: Record<StatusClass, number> = { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0 };
  const latency = histogram();
  const minutes: Minute[] = [];
  return {
    count: (status, latencyMs) => {
      const statusClass = classOf(status);
      byClass[statusClass] += 1;
      latency.add(latencyMs);
      const minute = minuteOf(minutes, now());
      minute.byStatus.set(status, (minute.byStatus.get(status) ?? 0) + 1);
      histogramOf(minute, statusClass).add(latencyMs);
    },
    read: () => ({
      requests: Object.values(byClass).reduce((sum, count) => sum + count, 0),
      byClass: { ...byClass },
      latency: latency.read(),
    }),
    series: () => minutes.map(readMinute),
  };
}

export interface RequestStats {
  readonly count: (status: number, latencyMs: number) => void;
  readonly read: () => {
    readonly requests: number;
    readonly byClass: RevisionStats['byClass'];
    readonly latency: LatencyHistogram;
  };
  readonly series: () => readonly MinuteCounts[];
}

interface Minute {
  readonly startMs: number;
  readonly byStatus: Map<number, number>;
  readonly byClass: Map<StatusClass, Histogram>;
}

function minuteOf(minutes: Minute[], nowMs: number): Minute {
  const last = minutes.at(-1);
  if (last !== undefined && nowMs < last.startMs + 60_000) return last;
  const minute: Minute = { startMs: nowMs - (nowMs % 60_000), byStatus: new Map(), byClass: new Map() };
  minutes.push(minute);
  if (minutes.length > mostMinutes) minutes.shift();
  return minute;
}

function histogramOf({ byClass }: Minute, statusClass: StatusClass): Histogram {
  const known = byClass.get(statusClass);
  if (known !== undefined) return known;
  const made = histogram();
  byClass.set(statusClass, made);
  return made;
}

function readMinute({ startMs, byStatus, byClass }: Minute): MinuteCounts {
  const read = [...byClass].map(([name, counted]): [StatusClass, LatencyHistogram] => [name, counted.read()]);
  return { startMs, byStatus: Object.fromEntries(byStatus), byClass: Object.fromEntries(read) };
}

function classOf(status: number): StatusClass {
  if (status < 200) return '1xx';
  if (status < 300) return '2xx';
  if (status < 400) return '3xx';
  return status < 500 ? '4xx' : '5xx';
}
