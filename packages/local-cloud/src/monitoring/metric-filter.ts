import { CloudError } from '../control/cloud-error.ts';
import {
  type Comparison,
  comparisonsOf,
  type Filter,
  FilterError,
  matches,
  parseFilter,
} from '../filter/index.ts';
import { invalidField } from './invalid-field.ts';
import { type Metric, METRICS } from './metrics.ts';
import type { Series } from './series.ts';

/** What a filter of `timeSeries.list` asks for. */
export interface MetricFilter {
  readonly metric: Metric;
  readonly fits: (series: Series) => boolean;
}

/** Throws INVALID_ARGUMENT for what is no filter of time series and NOT_FOUND for a metric that is not there. */
export function metricFilter(text: string): MetricFilter {
  const filter = parsed(text);
  const metric = metricOf(text, filter);
  return { metric, fits: (series) => matches(filter, { read: (path) => valueAt(series, path) }) };
}

function parsed(text: string): Filter {
  try {
    const filter = parseFilter(text);
    if (filter === undefined) throw new FilterError('the filter is empty');
    for (const comparison of comparisonsOf(filter)) {
      checkField(comparison);
      // An unknown function and a bad regular expression only show when a value is compared.
      matches(comparison, { read: () => '' });
    }
    return filter;
  } catch (thrown) {
    if (thrown instanceof FilterError)
      throw invalidField('filter', text, `The filter could not be parsed: ${thrown.message}.`);
    throw thrown;
  }
}

function checkField({ path }: Comparison): void {
  const [owner = '', part = ''] = path;
  const isLabel = path.length === 3 && ['metric', 'resource'].includes(owner) && /^labels?$/.test(part);
  const isType = path.length === 2 && ['metric', 'resource'].includes(owner) && part === 'type';
  if (!isLabel && !isType && path.join('.') !== 'project')
    throw new FilterError(
      `field "${path.join('.')}" is none of metric.type, metric.labels.KEY, resource.type, resource.labels.KEY and project`,
    );
}

function metricOf(text: string, filter: Filter): Metric {
  const named = comparisonsOf(filter).filter(({ path }) => path.join('.') === 'metric.type');
  const [only] = named;
  if (only === undefined || named.length > 1 || only.comparator !== '=' || only.operand.kind === 'call')
    throw invalidField(
      'filter',
      text,
      'must specify a restriction on "metric.type" in the filter; see "https://cloud.google.com/monitoring/api/resources" for a list of available metric types.',
    );
  const { text: type } = only.operand;
  const metric = METRICS.find((known) => known.type === type);
  if (metric !== undefined) return metric;
  throw new CloudError(
    'NOT_FOUND',
    `Cannot find metric(s) that match type = "${type}". If a metric was created recently, it could take up to 10 minutes to become available. Please try again soon.`,
  );
}

function valueAt(
  { metric, resource }: Series,
  [owner = '', part = '', key = '']: readonly string[],
): unknown {
  if (owner === 'project') return resource.labels['project_id'];
  const { type, labels } = owner === 'metric' ? metric : resource;
  return part === 'type' ? type : labels[key];
}
