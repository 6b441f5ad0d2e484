import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { expect, test } from '@jest/globals';

import { testCloud } from '../test-client.ts';

/** The first line and the body that a request answers that is written by hand. */
async function answerTo(url: string, head: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  socket.end([...head, 'connection: close', '', ''].join('\r\n'));
  return text(socket);
}

test('a proxy request for an API of Google is answered here, in the region of its host', async () => {
  await using t = await testCloud();

  const answer = await answerTo(t.cloud.url, [
    'GET http://europe-west1-run.googleapis.com/apis/serving.knative.dev/v1/namespaces/p/services/web HTTP/1.1',
    'host: europe-west1-run.googleapis.com',
  ]);

  expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  expect(answer).toContain("Resource 'web' of kind 'SERVICE' in region 'europe-west1' in project 'p'");
  expect(t.cloud.calls()).toMatchObject([
    { method: 'GET', path: '/apis/serving.knative.dev/v1/namespaces/p/services/web', status: 404 },
  ]);
});

test.each([
  ['another host', 'GET http://example.com/v2/projects/p/locations/r/services HTTP/1.1', []],
  [
    'another host behind the own Host',
    'GET http://example.com/v2/projects/p/locations/r/services HTTP/1.1',
    ['own'],
  ],
  [
    'a host that only looks like one of Google',
    'GET http://evilgoogleapis.com/v2/projects/p/locations/r/services HTTP/1.1',
    [],
  ],
  [
    'a host with a user before it',
    'GET http://run.googleapis.com@evil.com/v2/projects/p/locations/r/services HTTP/1.1',
    [],
  ],
  [
    'a page of another origin',
    'GET http://run.googleapis.com/v2/projects/p/locations/r/services HTTP/1.1',
    ['origin: http://evil.com'],
  ],
  [
    'a Google host that is no proxy request',
    'GET /v2/projects/p/locations/r/services HTTP/1.1',
    ['host: run.googleapis.com'],
  ],
])('%s is refused', async (_, line, headers) => {
  await using t = await testCloud();
  const own = `host: ${new URL(t.cloud.url).host}`;
  const [header = 'host: example.com', ...others] = headers.map((one) => (one === 'own' ? own : one));
  const hosts = header.startsWith('host') ? [] : [own];

  const answer = await answerTo(t.cloud.url, [line, ...hosts, header, ...others]);

  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
});

test('a tunnel is refused with what to do instead', async () => {
  await using t = await testCloud();

  const answer = await answerTo(t.cloud.url, [
    'CONNECT run.googleapis.com:443 HTTP/1.1',
    'host: run.googleapis.com:443',
  ]);

  expect(answer).toMatch(/^HTTP\/1\.1 405 the local cloud speaks plain http: use http:\/\/ endpoints\r\n/);
});
