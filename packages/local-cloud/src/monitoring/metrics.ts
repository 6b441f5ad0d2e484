import type { ValueType } from './series.ts';

/** A metric of Cloud Run that the local cloud measures. */
export interface Metric {
  readonly type: string;
  readonly valueType: ValueType;
  readonly unit: string;
  readonly displayName: string;
  readonly description: string;
  /** By label key, what it says. */
  readonly labels: Readonly<Record<string, string>>;
}

const CLASS = { response_code_class: 'Response code class of a request.' };

export const REQUEST_COUNT: Metric = {
  type: 'run.googleapis.com/request_count',
  valueType: 'INT64',
  unit: '1',
  displayName: 'Request Count',
  description: 'Number of requests reaching the revision.',
  labels: { response_code: 'Response code of a request.', ...CLASS },
};

const REQUEST_LATENCIES: Metric = {
  type: 'run.googleapis.com/request_latencies',
  valueType: 'DISTRIBUTION',
  unit: 'ms',
  displayName: 'Request Latency',
  description: 'Distribution of request latency in milliseconds reaching the revision.',
  labels: CLASS,
};

export const METRICS: readonly Metric[] = [REQUEST_COUNT, REQUEST_LATENCIES];

/** google.api.MetricDescriptor. */
export function descriptorView(project: string, metric: Metric): object {
  const { type, valueType, unit, displayName, description, labels } = metric;
  return {
    name: `${project}/metricDescriptors/${type}`,
    type,
    labels: Object.entries(labels).map(([key, said]) => ({ key, description: said })),
    metricKind: 'DELTA',
    valueType,
    unit,
    description,
    displayName,
    metadata: { samplePeriod: '60s', ingestDelay: '120s' },
    launchStage: 'GA',
    monitoredResourceTypes: ['cloud_run_revision'],
  };
}
