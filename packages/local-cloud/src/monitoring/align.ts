import { meanOf, merged, percentileOf } from './distribution.ts';
import { invalidField } from './invalid-field.ts';
import type { Point, Series, Value, ValueType } from './series.ts';

export interface Alignment {
  readonly aligner: string;
  readonly periodMs: number;
  readonly startMs: number;
  readonly endMs: number;
}

interface Aligner {
  readonly kind: Series['kind'];
  readonly takes: readonly ValueType[];
  readonly align: (values: readonly Value[], periodMs: number) => Value | undefined;
}

const percentile = (percent: number): Aligner => ({
  kind: 'GAUGE',
  takes: ['DISTRIBUTION'],
  align: (values) => double(percentileOf(merged(histogramsOf(values)), percent)),
});

const ALIGNERS: Readonly<Record<string, Aligner>> = {
  ALIGN_DELTA: { kind: 'DELTA', takes: ['INT64', 'DISTRIBUTION'], align: sumOf },
  ALIGN_SUM: { kind: 'GAUGE', takes: ['INT64', 'DISTRIBUTION'], align: sumOf },
  ALIGN_RATE: {
    kind: 'GAUGE',
    takes: ['INT64'],
    align: (values, periodMs) => double(numbersOf(values).reduce((a, b) => a + b, 0) / (periodMs / 1_000)),
  },
  ALIGN_MEAN: {
    kind: 'GAUGE',
    takes: ['DISTRIBUTION'],
    align: (values) => double(meanOf(merged(histogramsOf(values)))),
  },
  ALIGN_PERCENTILE_99: percentile(99),
  ALIGN_PERCENTILE_95: percentile(95),
  ALIGN_PERCENTILE_50: percentile(50),
  ALIGN_PERCENTILE_05: percentile(5),
};

/** Whether Cloud Monitoring has the aligner and the local cloud does too. */
export const KNOWN_ALIGNERS: readonly string[] = ['ALIGN_NONE', ...Object.keys(ALIGNERS)];

/** The series by periods that are counted back from the end; a period without data has no point. A minute belongs to the period that it ends in. */
export function aligned(series: Series, alignment: Alignment): Series {
  const aligner = ALIGNERS[alignment.aligner];
  if (aligner === undefined) return { ...series, points: inside(series.points, alignment) };
  const type = series.points[0]?.value.type ?? 'INT64';
  if (!aligner.takes.includes(type))
    throw invalidField(
      'aggregation.perSeriesAligner',
      alignment.aligner,
      `The aligner cannot be applied to metrics with kind ${series.kind} and value type ${type}.`,
    );
  return { ...series, kind: aligner.kind, points: periods(series.points, alignment, aligner) };
}

function periods(points: readonly Point[], alignment: Alignment, { kind, align }: Aligner): readonly Point[] {
  const { endMs, periodMs } = alignment;
  const byPeriod = Map.groupBy(inside(points, alignment), (point) =>
    Math.floor((endMs - point.endMs) / periodMs),
  );
  return [...byPeriod].flatMap(([back, members]) => {
    const end = endMs - back * periodMs;
    const value = align(
      members.map((member) => member.value),
      periodMs,
    );
    return value === undefined
      ? []
      : [{ startMs: kind === 'GAUGE' ? end : end - periodMs, endMs: end, value }];
  });
}

function inside(points: readonly Point[], { startMs, endMs }: Alignment): readonly Point[] {
  return points.filter((point) => point.endMs > startMs && point.endMs <= endMs);
}

/** The sum of values that are all of one type. */
export function sumOf(values: readonly Value[]): Value | undefined {
  const [first] = values;
  if (first === undefined) return undefined;
  if (first.type === 'DISTRIBUTION') return { type: 'DISTRIBUTION', histogram: merged(histogramsOf(values)) };
  return { type: first.type, number: numbersOf(values).reduce((a, b) => a + b, 0) };
}

export function histogramsOf(values: readonly Value[]) {
  return values.flatMap((value) => (value.type === 'DISTRIBUTION' ? [value.histogram] : []));
}

export function numbersOf(values: readonly Value[]): readonly number[] {
  return values.flatMap((value) => (value.type === 'DISTRIBUTION' ? [] : [value.number]));
}

export function double(number: number | undefined): Value | undefined {
  return number === undefined ? undefined : { type: 'DOUBLE', number };
}
