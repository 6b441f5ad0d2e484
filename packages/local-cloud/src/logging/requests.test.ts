import { expect, test } from '@jest/globals';

import { callApi } from '../test-api.ts';
import { serviceBody, type TestCloud, testCloud } from '../test-client.ts';

const LOG = 'projects/p/logs/run.googleapis.com%2Frequests';

async function entries({ cloud }: TestCloud, filter: string): Promise<readonly object[]> {
  const answer = await callApi(cloud, {
    method: 'POST',
    path: '/v2/entries:list',
    body: { resourceNames: ['projects/p'], filter: `logName="${LOG}" AND ${filter}` },
    answers: 'google.logging.v2.ListLogEntriesResponse',
  });
  return (answer.body['entries'] ?? []) as readonly object[];
}

/** Entries are written when a request is over, which its client may know a moment earlier. */
async function atLeastOne(t: TestCloud, filter: string): Promise<readonly object[]> {
  for (;;) {
    const found = await entries(t, filter);
    if (found.length > 0) return found;
  }
}

test('a request has an entry in the log of requests, as Cloud Run writes it', async () => {
  await using t = await testCloud();
  const made = await t.write('POST', 'services?serviceId=web', serviceBody());
  const { uri = '' } = made.body.response ?? {};
  const revision = made.body.response?.latestReadyRevision?.split('/').at(-1);
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';

  await fetch(`${uri}/orders?id=1`, {
    headers: { 'User-Agent': 'test/1', 'X-Cloud-Trace-Context': `${trace}/1;o=1` },
  });
  const [entry] = await atLeastOne(t, 'severity=INFO');

  expect(entry).toEqual({
    logName: LOG,
    resource: {
      type: 'cloud_run_revision',
      labels: {
        project_id: 'p',
        location: 'r',
        service_name: 'web',
        revision_name: revision,
        configuration_name: 'web',
      },
    },
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    receiveTimestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    insertId: expect.stringMatching(/^[\da-f]{16}$/),
    severity: 'INFO',
    httpRequest: {
      requestMethod: 'GET',
      requestUrl: `${uri}/orders?id=1`,
      requestSize: expect.stringMatching(/^\d+$/),
      status: 200,
      responseSize: expect.stringMatching(/^\d+$/),
      userAgent: 'test/1',
      remoteIp: '127.0.0.1',
      serverIp: '127.0.0.1',
      latency: expect.stringMatching(/^\d+(\.\d{3}|\.\d{6})?s$/),
      protocol: 'HTTP/1.1',
    },
    labels: { instanceId: expect.stringMatching(`^${revision}-`) },
    trace: `projects/p/traces/${trace}`,
    spanId: expect.stringMatching(/^[\da-f]{16}$/),
    traceSampled: true,
  });
});

test('a request that the service refuses is a warning with what Cloud Run says of it', async () => {
  await using t = await testCloud({ enforceInvoker: true });
  const { body } = await t.write('POST', 'services?serviceId=web', serviceBody());

  await fetch(body.response?.uri ?? '');
  const [entry] = await atLeastOne(t, 'httpRequest.status>=400 AND httpRequest.latency<"0.5s"');

  expect(entry).toMatchObject({
    severity: 'WARNING',
    textPayload:
      'The request was not authenticated. Either allow unauthenticated invocations or set the proper Authorization header. Read more at https://cloud.google.com/run/docs/securing/authenticating Additional troubleshooting documentation can be found at: https://cloud.google.com/run/docs/troubleshooting#unauthorized-client',
    httpRequest: { status: 403, latency: '0s' },
    resource: { labels: { service_name: 'web', revision_name: expect.stringMatching(/^web-/) } },
  });
  expect(entry).not.toHaveProperty('labels');
  expect(entry).not.toHaveProperty('traceSampled');
});

test('the log of requests is among the names of the logs', async () => {
  await using t = await testCloud();
  const { body } = await t.write('POST', 'services?serviceId=web', serviceBody());
  await fetch(body.response?.uri ?? '');
  await atLeastOne(t, 'severity>=DEFAULT');

  const names = await callApi(t.cloud, {
    path: '/v2/projects/p/logs',
    answers: 'google.logging.v2.ListLogsResponse',
  });

  expect(names.body['logNames']).toContain(LOG);
});
