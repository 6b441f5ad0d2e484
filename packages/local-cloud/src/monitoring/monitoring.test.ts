import { systemClock } from '@fairlead/action-kit';
import { describe, expect, test } from '@jest/globals';

import { callApi } from '../test-api.ts';
import { serviceBody, testCloud } from '../test-client.ts';

const COUNT = 'metric.type="run.googleapis.com/request_count"';
const LATENCIES = 'metric.type="run.googleapis.com/request_latencies"';
const START = Date.parse('2026-11-21T08:00:00Z');
const SERIES = 'google.monitoring.v3.ListTimeSeriesResponse';

/** A cloud at 08:00:00 whose clock the test turns, with a service `web` that answers 200. */
async function watchedCloud(options: Parameters<typeof testCloud>[0] = {}) {
  let timeMs = START;
  const clock = { now: () => timeMs, sleep: systemClock.sleep };
  const t = await testCloud({ clock, ...options });
  const made = await t.write('POST', 'services?serviceId=web', serviceBody());
  const url = made.body.response?.uri ?? '';
  return {
    ...t,
    /** Seconds after 08:00:00. */
    turnTo: (seconds: number) => {
      timeMs = START + seconds * 1_000;
    },
    request: (times: number) =>
      Promise.all(Array.from({ length: times }, async () => (await fetch(url)).arrayBuffer())),
    list: (filter: string, parameters = '', seconds = 600) =>
      callApi(t.cloud, {
        path: `/v3/projects/p/timeSeries?${new URLSearchParams({
          filter,
          'interval.startTime': at(0),
          'interval.endTime': at(seconds),
        }).toString()}&${parameters}`,
        answers: SERIES,
      }),
    [Symbol.asyncDispose]: t.cloud.close,
  };
}

function at(seconds: number): string {
  return new Date(START + seconds * 1_000).toISOString();
}

const interval = (start: number, end: number) => ({ startTime: at(start), endTime: at(end) });
const aggregation = (aligner: string, more = '') =>
  `aggregation.alignmentPeriod=60s&aggregation.perSeriesAligner=${aligner}${more}`;

test('requests are counted by the minute, revision and response code, newest first', async () => {
  await using t = await watchedCloud();
  await t.request(3);
  t.turnTo(60);
  await t.request(2);
  t.turnTo(130);

  const { body } = await t.list(`${COUNT} AND resource.labels.service_name="web"`);

  expect(body).toEqual({
    timeSeries: [
      {
        metric: {
          type: 'run.googleapis.com/request_count',
          labels: { response_code: '200', response_code_class: '2xx' },
        },
        resource: {
          type: 'cloud_run_revision',
          labels: {
            project_id: 'p',
            location: 'r',
            service_name: 'web',
            configuration_name: 'web',
            revision_name: expect.stringMatching(/^web-00001-/),
          },
        },
        metricKind: 'DELTA',
        valueType: 'INT64',
        points: [
          { interval: interval(60, 120), value: { int64Value: '2' } },
          { interval: interval(0, 60), value: { int64Value: '3' } },
        ],
      },
    ],
    unit: '1',
  });
});

describe('a lag', () => {
  test('of 0 shows the running minute as far as it is', async () => {
    await using t = await watchedCloud();
    t.turnTo(10);
    await t.request(1);

    expect((await t.list(COUNT, '', 9)).body['timeSeries']).toMatchObject([
      { points: [{ interval: interval(0, 9), value: { int64Value: '1' } }] },
    ]);
  });

  test('of three minutes shows a minute three minutes after its end, and can be turned', async () => {
    await using t = await watchedCloud({ monitoringLagSeconds: 180 });
    await t.request(1);

    t.turnTo(239);
    const early = await t.list(COUNT);
    t.turnTo(240);
    const late = await t.list(COUNT);
    const turned = await callApi(t.cloud, {
      method: 'PUT',
      path: '/-/monitoring',
      body: { lagSeconds: 181 },
      answers: 'google.protobuf.Struct',
    });
    const hidden = await t.list(COUNT);

    expect(early.body).toEqual({});
    expect(late.body['timeSeries']).toHaveLength(1);
    expect(turned.body).toEqual({ lagSeconds: 181 });
    expect(hidden.body).toEqual({});
  });
});

test('latencies are distributions whose buckets hold all requests', async () => {
  await using t = await watchedCloud();
  await t.request(4);
  t.turnTo(60);

  const { body } = await t.list(`${LATENCIES} AND metric.labels.response_code_class="2xx"`);

  expect(body).toMatchObject({
    timeSeries: [
      {
        valueType: 'DISTRIBUTION',
        points: [{ value: { distributionValue: { count: '4', bucketOptions: { explicitBuckets: {} } } } }],
      },
    ],
    unit: 'ms',
  });
});

describe('aggregation', () => {
  test.each([
    ['ALIGN_DELTA', 'DELTA', { interval: interval(0, 120), value: { int64Value: '6' } }],
    ['ALIGN_SUM', 'GAUGE', { interval: interval(120, 120), value: { int64Value: '6' } }],
    ['ALIGN_RATE', 'GAUGE', { interval: interval(120, 120), value: { doubleValue: 0.05 } }],
  ])('by %s is of kind %s', async (aligner, kind, point) => {
    await using t = await watchedCloud();
    await t.request(3);
    t.turnTo(60);
    await t.request(3);
    t.turnTo(120);

    const parameters = `aggregation.alignmentPeriod=120s&aggregation.perSeriesAligner=${aligner}`;
    const { body } = await t.list(COUNT, parameters, 120);

    expect(body['timeSeries']).toMatchObject([{ metricKind: kind, points: [point] }]);
  });

  test.each(['ALIGN_PERCENTILE_50', 'ALIGN_PERCENTILE_95', 'ALIGN_PERCENTILE_99', 'ALIGN_MEAN'])(
    'by %s makes one number of a distribution',
    async (aligner) => {
      await using t = await watchedCloud();
      await t.request(3);
      t.turnTo(60);

      const { body } = await t.list(LATENCIES, aggregation(aligner));

      expect(body['timeSeries']).toMatchObject([
        {
          metricKind: 'GAUGE',
          valueType: 'DOUBLE',
          points: [{ value: { doubleValue: expect.any(Number) } }],
        },
      ]);
    },
  );

  test('by REDUCE_SUM adds the revisions up, by the labels that are asked for', async () => {
    await using t = await watchedCloud();
    await t.request(3);
    await t.write('PATCH', 'services/web', {
      template: { containers: [{ image: 'localhost:5000/web:2' }] },
    });
    await t.request(2);
    t.turnTo(60);

    const sum = '&aggregation.crossSeriesReducer=REDUCE_SUM';
    const all = await t.list(COUNT, aggregation('ALIGN_DELTA', sum), 60);
    const byService = `${sum}&aggregation.groupByFields=resource.labels.service_name&aggregation.groupByFields=metric.label.response_code_class`;
    const grouped = await t.list(COUNT, aggregation('ALIGN_DELTA', byService), 60);
    const byRevision = await t.list(
      COUNT,
      aggregation('ALIGN_DELTA', `${sum}&aggregation.groupByFields=resource.labels.revision_name`),
      60,
    );
    const percentile = await t.list(
      LATENCIES,
      aggregation('ALIGN_DELTA', '&aggregation.crossSeriesReducer=REDUCE_PERCENTILE_99'),
      60,
    );

    const [five] = all.body['timeSeries'] as readonly object[];
    expect(five).toEqual({
      metric: { type: 'run.googleapis.com/request_count' },
      resource: { type: 'cloud_run_revision', labels: { project_id: 'p' } },
      metricKind: 'DELTA',
      valueType: 'INT64',
      points: [{ interval: interval(0, 60), value: { int64Value: '5' } }],
    });
    expect(grouped.body['timeSeries']).toMatchObject([
      {
        metric: { labels: { response_code_class: '2xx' } },
        resource: { labels: { project_id: 'p', service_name: 'web' } },
      },
    ]);
    expect(byRevision.body['timeSeries']).toHaveLength(2);
    expect(percentile.body['timeSeries']).toMatchObject([{ valueType: 'DOUBLE' }]);
  });
});

test('points come a page at a time, a series going on on the next page', async () => {
  await using t = await watchedCloud();
  await t.request(1);
  t.turnTo(60);
  await t.request(2);
  t.turnTo(120);

  const first = await t.list(COUNT, 'pageSize=1');
  const second = await t.list(COUNT, `pageSize=1&pageToken=${first.body.nextPageToken ?? ''}`);
  const headers = await t.list(COUNT, 'view=HEADERS');

  expect([first.body['timeSeries'], second.body['timeSeries']]).toMatchObject([
    [{ points: [{ value: { int64Value: '2' } }] }],
    [{ points: [{ value: { int64Value: '1' } }] }],
  ]);
  expect(second.body.nextPageToken).toBeUndefined();
  expect(headers.body['timeSeries']).toEqual([expect.not.objectContaining({ points: expect.anything() })]);
});

describe('a filter', () => {
  test.each([
    [`${COUNT} AND resource.type="cloud_run_revision"`, 1],
    [`${COUNT} resource.label.location="r" project="p"`, 1],
    [`${COUNT} AND resource.labels.revision_name=starts_with("web-00001")`, 1],
    [`${COUNT} AND resource.labels.service_name=one_of("api","web")`, 1],
    [`${COUNT} AND metric.labels.response_code_class!="2xx"`, 0],
    [`${COUNT} AND metric.labels.response_code="404"`, 0],
    [`${COUNT} AND resource.labels.service_name=monitoring.regex.full_match("we.")`, 1],
  ])('%s finds %i', async (filter, count) => {
    await using t = await watchedCloud();
    await t.request(1);
    t.turnTo(60);

    expect((await t.list(filter)).body['timeSeries'] ?? []).toHaveLength(count);
  });

  test.each([
    ['', 400, 'The filter must be set.'],
    ['resource.type="cloud_run_revision"', 400, 'must specify a restriction on "metric.type" in the filter'],
    [`${COUNT} AND`, 400, 'syntax error at line 1, column 51, the end of the filter'],
    [`${COUNT} AND colour="red"`, 400, 'field "colour" is none of metric.type'],
    [`${COUNT} AND resource.labels.a=nearly("x")`, 400, 'function "nearly" is not known'],
    ['metric.type="run.googleapis.com/nothing"', 404, 'Cannot find metric(s) that match type'],
  ])('%s is refused', async (filter, status, message) => {
    await using t = await watchedCloud();

    const refused = await t.list(filter);

    expect(refused.status).toBe(status);
    expect(refused.body.error?.message).toContain(message);
  });
});

describe('a query is refused', () => {
  test.each([
    ['aggregation.perSeriesAligner=ALIGN_DELTA', 'An alignment period must be specified'],
    ['aggregation.perSeriesAligner=ALIGN_SIDEWAYS', `Invalid value at 'aggregation.perSeriesAligner'`],
    ['aggregation.crossSeriesReducer=REDUCE_SUM', 'A per-series aligner must be specified'],
    ['aggregation.alignmentPeriod=10s&aggregation.perSeriesAligner=ALIGN_SUM', 'at least 60 seconds'],
    ['aggregation.alignmentPeriod=soon', 'google.protobuf.Duration'],
    ['interval.endTime=later', 'google.protobuf.Timestamp'],
    ['interval.endTime=2020-01-01T00:00:00Z', 'The start time must be before the end time'],
    ['aggregation.groupByFields=colour', 'It is none of metric.labels.KEY'],
    ['pageSize=-1', 'page_size must be'],
    ['pageToken=!', "page_token '!' is not valid"],
    ['view=NICE', "Invalid value at 'view'"],
    ['colour=red', 'Unknown name "colour"'],
    [
      aggregation('ALIGN_PERCENTILE_99'),
      'The aligner cannot be applied to metrics with kind DELTA and value type INT64.',
    ],
    [
      aggregation('ALIGN_DELTA', '&aggregation.crossSeriesReducer=REDUCE_PERCENTILE_99'),
      'The reducer cannot be applied to values of type INT64.',
    ],
  ])('%s', async (parameters, message) => {
    await using t = await watchedCloud();
    await t.request(1);
    t.turnTo(60);

    const refused = await t.list(COUNT, parameters);

    expect([refused.status, refused.body.error?.status]).toEqual([400, 'INVALID_ARGUMENT']);
    expect(refused.body.error?.message).toContain(message);
  });
});

test('the metrics are described', async () => {
  await using t = await watchedCloud();
  const path = '/v3/projects/p/metricDescriptors';

  const all = await callApi(t.cloud, { path, answers: 'google.monitoring.v3.ListMetricDescriptorsResponse' });
  const one = await callApi(t.cloud, {
    path: `${path}/run.googleapis.com/request_latencies`,
    answers: 'google.api.MetricDescriptor',
  });
  const none = await callApi(t.cloud, { path: `${path}/x` });

  expect(all.body['metricDescriptors']).toContainEqual(one.body);
  expect(one.body).toMatchObject({ valueType: 'DISTRIBUTION', metricKind: 'DELTA', unit: 'ms' });
  expect(none.status).toBe(404);
});
