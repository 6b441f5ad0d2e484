import { durationSeconds, microsOf } from '../control/time.ts';
import { readQuery } from '../http/query.ts';
import type { ApiRequest } from '../http/route.ts';
import { badField } from '../messages/index.ts';
import { type Alignment, KNOWN_ALIGNERS } from './align.ts';
import { invalidField } from './invalid-field.ts';
import { type MetricFilter, metricFilter } from './metric-filter.ts';
import { KNOWN_REDUCERS } from './reduce.ts';

/** What one call of `timeSeries.list` asks for, checked. */
export interface SeriesQuery {
  readonly filter: MetricFilter;
  readonly alignment: Alignment;
  readonly reducer: string;
  readonly groupBy: readonly string[];
  readonly isHeadersOnly: boolean;
  /** Points, or series when only headers are asked for. */
  readonly pageSize: number;
  readonly offset: number;
}

const NAMES = [
  'filter',
  'interval.startTime',
  'interval.endTime',
  'aggregation.alignmentPeriod',
  'aggregation.perSeriesAligner',
  'aggregation.crossSeriesReducer',
  'aggregation.groupByFields',
  'orderBy',
  'view',
  'pageSize',
  'pageToken',
];

export function readSeriesQuery(request: ApiRequest): SeriesQuery {
  const query = readQuery(request, NAMES);
  const text = query['filter'];
  if (text === undefined || text === '') throw badField('filter', 'The filter must be set.');
  const filter = metricFilter(text);
  const interval = intervalOf(query);
  const aligner = choice(query, 'aggregation.perSeriesAligner', KNOWN_ALIGNERS);
  const reducer = choice(query, 'aggregation.crossSeriesReducer', KNOWN_REDUCERS);
  const periodMs = periodOf(query, aligner);
  if (reducer !== 'REDUCE_NONE' && aligner === 'ALIGN_NONE')
    throw invalidField(
      'aggregation.perSeriesAligner',
      aligner,
      'A per-series aligner must be specified when a cross-series reducer is.',
    );
  return {
    filter,
    alignment: { ...interval, aligner, periodMs },
    reducer,
    groupBy: groupByOf(request),
    isHeadersOnly: choice(query, 'view', ['FULL', 'HEADERS']) === 'HEADERS',
    pageSize: pageSizeOf(query['pageSize']),
    offset: offsetOf(query['pageToken']),
  };
}

type Query = Readonly<Record<string, string>>;

function intervalOf(query: Query): { readonly startMs: number; readonly endMs: number } {
  const endMs = timeOf(query, 'interval.endTime');
  if (endMs === undefined) throw badField('interval.end_time', 'Field interval.endTime must be set.');
  const startMs = timeOf(query, 'interval.startTime') ?? endMs - 1;
  if (startMs <= endMs) return { startMs, endMs };
  throw invalidField(
    'interval.startTime',
    query['interval.startTime'] ?? '',
    `The start time must be before the end time (${query['interval.endTime'] ?? ''}).`,
  );
}

function timeOf(query: Query, name: string): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const micros = microsOf(text);
  if (micros !== undefined) return micros / 1_000;
  throw badField(
    name,
    `Invalid value at '${name}' (type.googleapis.com/google.protobuf.Timestamp), "${text}"`,
  );
}

/** The value of an enum; the first known one when it is not given. */
function choice(query: Query, name: string, known: readonly string[]): string {
  const value = query[name] ?? known[0] ?? '';
  if (known.includes(value)) return value;
  throw badField(name, `Invalid value at '${name}', "${value}"; known here are ${known.join(', ')}`);
}

function periodOf(query: Query, aligner: string): number {
  const name = 'aggregation.alignmentPeriod';
  const text = query[name];
  if (text === undefined) {
    if (aligner === 'ALIGN_NONE') return 0;
    throw invalidField(name, '', 'An alignment period must be specified when a per-series aligner is.');
  }
  if (!/^\d+(?:\.\d{1,9})?s$/.test(text))
    throw badField(
      name,
      `Invalid value at '${name}' (type.googleapis.com/google.protobuf.Duration), "${text}"`,
    );
  const seconds = durationSeconds(text);
  if (seconds < 60) throw invalidField(name, text, 'The alignment period must be at least 60 seconds.');
  return seconds * 1_000;
}

function groupByOf({ query }: ApiRequest): readonly string[] {
  const fields = [
    ...query.getAll('aggregation.groupByFields'),
    ...query.getAll('aggregation.group_by_fields'),
  ];
  const wrong = fields.find(
    (field) => !/^(?:metric|resource)\.labels?\.\w+$|^(?:metric|resource)\.type$|^project$/.test(field),
  );
  if (wrong === undefined) return fields;
  throw invalidField(
    'aggregation.groupByFields',
    wrong,
    'It is none of metric.labels.KEY and resource.labels.KEY.',
  );
}

function pageSizeOf(text = '0'): number {
  if (!/^\d{1,9}$/.test(text))
    throw badField('page_size', `page_size must be a whole number from 0, got '${text}'`);
  return Math.min(Number(text) || 100_000, 100_000);
}

function offsetOf(token = ''): number {
  const text = token === '' ? '0' : Buffer.from(token, 'base64url').toString();
  if (!/^\d{1,9}$/.test(text)) throw badField('page_token', `page_token '${token}' is not valid`);
  return Number(text);
}
