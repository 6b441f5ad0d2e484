import { double, histogramsOf, numbersOf, sumOf } from './align.ts';
import { merged, percentileOf } from './distribution.ts';
import { invalidField } from './invalid-field.ts';
import type { Point, Series, Value, ValueType } from './series.ts';

interface Reducer {
  readonly takes: readonly ValueType[];
  readonly reduce: (values: readonly Value[]) => Value | undefined;
}

const ALL: readonly ValueType[] = ['INT64', 'DOUBLE', 'DISTRIBUTION'];
const NUMBERS: readonly ValueType[] = ['INT64', 'DOUBLE'];

const ofNumbers = (reduce: (numbers: readonly number[]) => number): Reducer => ({
  takes: NUMBERS,
  reduce: (values) => double(reduce(numbersOf(values))),
});

const percentile = (percent: number): Reducer => ({
  takes: ['DISTRIBUTION'],
  reduce: (values) => double(percentileOf(merged(histogramsOf(values)), percent)),
});

const REDUCERS: Readonly<Record<string, Reducer>> = {
  REDUCE_SUM: { takes: ALL, reduce: sumOf },
  REDUCE_MEAN: ofNumbers((numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length),
  REDUCE_MIN: ofNumbers((numbers) => Math.min(...numbers)),
  REDUCE_MAX: ofNumbers((numbers) => Math.max(...numbers)),
  REDUCE_COUNT: { takes: ALL, reduce: (values) => ({ type: 'INT64', number: values.length }) },
  REDUCE_PERCENTILE_99: percentile(99),
  REDUCE_PERCENTILE_95: percentile(95),
  REDUCE_PERCENTILE_50: percentile(50),
  REDUCE_PERCENTILE_05: percentile(5),
};

export const KNOWN_REDUCERS: readonly string[] = ['REDUCE_NONE', ...Object.keys(REDUCERS)];

/** One series for each set of values of the fields; of the labels only those and the project remain. The series must be aligned. */
export function reduced(
  all: readonly Series[],
  { reducer: name, groupBy }: { readonly reducer: string; readonly groupBy: readonly string[] },
): readonly Series[] {
  const reducer = REDUCERS[name];
  if (reducer === undefined) return all;
  const type = all[0]?.points[0]?.value.type;
  if (type !== undefined && !reducer.takes.includes(type))
    throw invalidField(
      'aggregation.crossSeriesReducer',
      name,
      `The reducer cannot be applied to values of type ${type}.`,
    );
  const groups = Map.groupBy(all, (series) => JSON.stringify(keptLabels(series, groupBy)));
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    return first === undefined ? [] : [reducedGroup(first, members, { reducer, groupBy })];
  });
}

function reducedGroup(
  first: Series,
  members: readonly Series[],
  { reducer, groupBy }: { readonly reducer: Reducer; readonly groupBy: readonly string[] },
): Series {
  const byEnd = Map.groupBy(
    members.flatMap(({ points }) => points),
    ({ endMs }) => endMs,
  );
  const points = [...byEnd.values()].flatMap((together) => reducedPoint(together, reducer));
  const { metric, resource } = keptLabels(first, groupBy);
  return {
    kind: first.kind,
    metric: { type: first.metric.type, labels: metric },
    resource: { type: first.resource.type, labels: resource },
    points: points.toSorted((a, b) => a.endMs - b.endMs),
  };
}

function reducedPoint(together: readonly Point[], { reduce }: Reducer): readonly Point[] {
  const [first] = together;
  const value = reduce(together.map((point) => point.value));
  return first === undefined || value === undefined ? [] : [{ ...first, value }];
}

type Labels = Readonly<Record<string, string>>;

function keptLabels(
  { metric, resource }: Series,
  groupBy: readonly string[],
): { readonly metric: Labels; readonly resource: Labels } {
  const kept = (of: string, labels: Labels) =>
    Object.fromEntries(
      Object.entries(labels).filter(
        ([key]) =>
          groupBy.some((field) => field.replace('.labels.', '.label.') === `${of}.label.${key}`) ||
          `${of}.${key}` === 'resource.project_id',
      ),
    );
  return { metric: kept('metric', metric.labels), resource: kept('resource', resource.labels) };
}
