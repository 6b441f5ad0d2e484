import { get } from 'node:http';
import { json } from 'node:stream/consumers';

import { expect, test } from '@jest/globals';

import { serviceBody } from '../test-client.ts';
import { knativeService, testV1, type TestV1, type V1Body } from './test-v1.ts';

const SERVICES = '/apis/serving.knative.dev/v1/namespaces/p/services';
const JOBS = '/apis/run.googleapis.com/v1/namespaces/p/jobs';
const job = { template: { template: { containers: [{ image: 'a/b' }] } } };

test.each([
  ['services', SERVICES, 'services?serviceId=one', serviceBody()],
  ['jobs', JOBS, 'jobs?jobId=one', job],
])(
  '%s are listed over all regions at the global host, by region at all others',
  async (_, path, create, body) => {
    await using t = await testV1();
    await post(t, `r/${create}`, body);
    await post(t, `europe-west1/${create}`, body);

    expect(await regionsOf(t, `http://run.googleapis.com${path}`)).toEqual(['europe-west1', 'r']);
    expect(await regionsOf(t, `http://europe-west1-run.googleapis.com${path}`)).toEqual(['europe-west1']);
    expect(await regionsOf(t, path)).toEqual(['r']);
  },
);

test('executions and tasks are listed over all regions, each with what its own job says', async () => {
  await using t = await testV1();
  await post(t, 'europe-west1/jobs?jobId=one', job);
  await post(t, 'europe-west1/jobs/one:run', {});
  await t.cloud.idle();

  const base = 'http://run.googleapis.com/apis/run.googleapis.com/v1/namespaces/p';
  const executions = await listAt(t, `${base}/executions`);

  expect(executions.items).toMatchObject([
    {
      metadata: {
        labels: { 'run.googleapis.com/job': 'one', 'run.googleapis.com/jobUid': expect.any(String) },
      },
    },
  ]);
  expect((await listAt(t, `${base}/tasks`)).items).toHaveLength(1);
});

test.each([
  'watch=true',
  'fieldSelector=metadata.name%3Dnone',
  'resourceVersion=7',
  'includeUninitialized=true',
])('%s is a list like any other, as Cloud Run does not support it', async (query) => {
  await using t = await testV1();
  await t.v1('POST', 'serving/services', knativeService('web'));

  const { status, body } = await t.v1('GET', `serving/services?${query}`);

  expect({ status, kind: body['kind'] }).toEqual({ status: 200, kind: 'ServiceList' });
  expect(body.items).toMatchObject([{ metadata: { name: 'web' } }]);
});

async function post(t: TestV1, path: string, body: object): Promise<void> {
  const url = `${t.cloud.url}/v2/projects/p/locations/${path}`;
  expect(await fetch(url, { method: 'POST', body: JSON.stringify(body) })).toMatchObject({ status: 200 });
}

async function regionsOf(t: TestV1, path: string): Promise<readonly unknown[]> {
  const { items = [] } = await listAt(t, path);
  return items.map(({ metadata }) => metadata?.labels?.['cloud.googleapis.com/location']).sort();
}

/** Asks as gcloud does, with the local cloud as the proxy of Google's hosts. */
async function listAt(t: TestV1, path: string): Promise<V1Body> {
  const { hostname, port } = new URL(t.cloud.url);
  const response = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    get({ hostname, port, path }, resolve).on('error', reject);
  });
  return (await json(response)) as V1Body;
}
