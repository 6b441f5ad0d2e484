import { distributionView } from './distribution.ts';
import type { Metric } from './metrics.ts';
import type { Point, Series, Value } from './series.ts';
import type { SeriesQuery } from './series-query.ts';

/** google.monitoring.v3.ListTimeSeriesResponse: one page, whose size counts points unless only headers are asked for. Newest points first. */
export function seriesPage(all: readonly Series[], metric: Metric, query: SeriesQuery): object {
  const { isHeadersOnly, pageSize, offset } = query;
  const flat = all.flatMap((series, index): readonly Item[] =>
    isHeadersOnly
      ? [{ series, index }]
      : series.points.toReversed().map((point) => ({ series, index, point })),
  );
  const shown = flat.slice(offset, offset + pageSize);
  const timeSeries = [...Map.groupBy(shown, ({ index }) => index).values()].flatMap((members) => {
    const [first] = members;
    const points = members.flatMap(({ point }) => point ?? []);
    return first === undefined ? [] : [seriesView(first.series, points, metric)];
  });
  const end = offset + pageSize;
  return {
    ...(timeSeries.length === 0 ? {} : { timeSeries }),
    ...(end < flat.length ? { nextPageToken: Buffer.from(String(end)).toString('base64url') } : {}),
    ...(timeSeries.length === 0 ? {} : { unit: unitOf(all, metric) }),
  };
}

interface Item {
  readonly series: Series;
  readonly index: number;
  readonly point?: Point;
}

function seriesView(
  { metric, resource, kind, points: all }: Series,
  points: readonly Point[],
  { valueType }: Metric,
): object {
  return {
    metric: labelledView(metric),
    resource: labelledView(resource),
    metricKind: kind,
    valueType: all[0]?.value.type ?? valueType,
    ...(points.length === 0 ? {} : { points: points.map(pointView) }),
  };
}

function labelledView({ type, labels }: Series['metric']): object {
  return { type, ...(Object.keys(labels).length === 0 ? {} : { labels }) };
}

function pointView({ startMs, endMs, value }: Point): object {
  return {
    interval: { startTime: new Date(startMs).toISOString(), endTime: new Date(endMs).toISOString() },
    value: valueView(value),
  };
}

function valueView(value: Value): object {
  switch (value.type) {
    case 'INT64':
      return { int64Value: String(value.number) };
    case 'DOUBLE':
      return { doubleValue: value.number };
    case 'DISTRIBUTION':
      return { distributionValue: distributionView(value.histogram) };
  }
}

/** A rate of a count is per second. */
function unitOf([first]: readonly Series[], { unit, valueType }: Metric): string {
  const isRate = valueType === 'INT64' && first?.points[0]?.value.type === 'DOUBLE';
  return isRate ? `${unit}/s` : unit;
}
