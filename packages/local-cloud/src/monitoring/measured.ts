import type { DataPlane, MinuteCounts } from '../data-plane.ts';
import { type Metric, REQUEST_COUNT } from './metrics.ts';
import type { Point, Series, Value } from './series.ts';

const MINUTE_MS = 60_000;

/** What is seen of the measurements: the end of the asked interval, and how late a minute is told. */
export interface Sight {
  readonly nowMs: number;
  readonly endMs: number;
  /** With 0 the running minute is seen as far as it is; otherwise only minutes that ended so long ago. */
  readonly lagMs: number;
}

/** The series of one metric for all of these revisions, fed by the requests that the data plane has answered. */
export function measured(
  metric: Metric,
  { plane, revisions }: { readonly plane: Pick<DataPlane, 'series'>; readonly revisions: Iterable<string> },
  sight: Sight,
): readonly Series[] {
  return [...revisions].flatMap((revision) => {
    const minutes = plane.series(revision).filter(({ startMs }) => isSeen(startMs, sight));
    return seriesOf(metric, revision, { minutes, sight });
  });
}

function isSeen(startMs: number, { nowMs, lagMs }: Sight): boolean {
  return lagMs === 0 || startMs + MINUTE_MS + lagMs <= nowMs;
}

function seriesOf(
  metric: Metric,
  revision: string,
  { minutes, sight }: { readonly minutes: readonly MinuteCounts[]; readonly sight: Sight },
): readonly Series[] {
  const valuesOf = metric === REQUEST_COUNT ? counts : latencies;
  const byLabels = new Map<string, { readonly labels: Record<string, string>; readonly points: Point[] }>();
  for (const minute of minutes)
    for (const { labels, value } of valuesOf(minute)) {
      const key = JSON.stringify(labels);
      const series = byLabels.get(key) ?? { labels, points: [] };
      series.points.push({ startMs: minute.startMs, endMs: endOf(minute, sight), value });
      byLabels.set(key, series);
    }
  return [...byLabels.values()].map(({ labels, points }) => ({
    metric: { type: metric.type, labels },
    resource: { type: 'cloud_run_revision', labels: resourceLabels(revision) },
    kind: 'DELTA',
    points,
  }));
}

/** The running minute ends where the asked interval does, or else whoever asks for "until now" would never see it. */
function endOf({ startMs }: MinuteCounts, { nowMs, endMs }: Sight): number {
  const end = startMs + MINUTE_MS;
  return end <= nowMs ? end : Math.max(startMs + 1, Math.min(nowMs, endMs));
}

interface Labelled {
  readonly labels: Record<string, string>;
  readonly value: Value;
}

function counts({ byStatus }: MinuteCounts): readonly Labelled[] {
  return Object.entries(byStatus).map(([code, number]) => ({
    labels: { response_code: code, response_code_class: `${code.charAt(0)}xx` },
    value: { type: 'INT64', number },
  }));
}

function latencies({ byClass }: MinuteCounts): readonly Labelled[] {
  return Object.entries(byClass).map(([response_code_class, histogram]) => ({
    labels: { response_code_class },
    value: { type: 'DISTRIBUTION', histogram },
  }));
}

function resourceLabels(revision: string): Readonly<Record<string, string>> {
  const [, project_id = '', , location = '', , service_name = '', , revision_name = ''] = revision.split('/');
  return { project_id, location, service_name, configuration_name: service_name, revision_name };
}
