import { networkInterfaces } from 'node:os';

import { describe, expect, test } from '@jest/globals';

import { serviceBody, testCloud, type TestCloud } from '../test-client.ts';
import { statusOf } from './test-wire.ts';

const API_PATHS = [
  '/',
  '/v2/projects/p/locations/r/services',
  '/apis/serving.knative.dev/v1/namespaces/p/services',
  '/storage/v1/b',
  '/bucket/object',
  '/-/calls',
  '/-/faults',
  '/console',
  '/nothing',
];

describe('a web page that reaches loopback by a name of its own', () => {
  test.each(API_PATHS)('is refused at %s, be it shown by Host or by Origin', async (path) => {
    await using t = await testCloud();

    expect(await refusals(`${t.cloud.url}${path}`)).toEqual([403, 403, 403, 403, 403]);
  });

  test.each(['/v2/', '/v2/app/manifests/latest', '/v2/app/blobs/uploads/', '/v2/token', '/'])(
    'is refused by the registry at %s',
    async (path) => {
      await using t = await testCloud();

      expect(await refusals(`http://${t.cloud.registry}${path}`)).toEqual([403, 403, 403, 403, 403]);
    },
  );

  test('finds no service at the address that all services share', async () => {
    await using t = await withService();

    expect(await statusOf(t.cloud.hostUrl, { host: 'evil.example' })).toBe(404);
    expect(await statusOf(t.cloud.hostUrl, { host: 'evil.example---web.a.run.app' })).toBe(404);
  });

  test('cannot write, whatever the method', async () => {
    await using t = await testCloud();
    const headers = { origin: 'http://evil.example' };

    const statuses = await Promise.all(
      ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) =>
        statusOf(`${t.cloud.url}/-/secrets/key`, headers, method),
      ),
    );

    expect(statuses).toEqual([403, 403, 403, 403, 403]);
  });
});

test.each(['127.0.0.1', 'localhost', '[::1]'])('a client that calls the API %s is served', async (name) => {
  await using t = await testCloud();
  const host = `${name}:${new URL(t.cloud.url).port}`;

  expect(await statusOf(`${t.cloud.url}/-/calls`, { host, origin: `http://${host}` })).toBe(200);
  expect(
    await statusOf(`http://${t.cloud.registry}/v2/`, {
      host: `${name}:${t.cloud.registry.split(':')[1] ?? ''}`,
    }),
  ).toBe(200);
});

const beyond = Object.values(networkInterfaces())
  .flatMap((addresses = []) => addresses)
  .filter(({ internal, family }) => !internal && family === 'IPv4')
  .map(({ address }) => address);
// On a machine with no other address nobody could ask from beyond.
const testBeyond = beyond.length === 0 ? () => undefined : test;

testBeyond('nothing listens beyond loopback', async () => {
  await using t = await withService();
  const { uri = '' } = (await t.call('GET', 'services/web')).body;
  const ports = [t.cloud.url, `http://${t.cloud.registry}`, t.cloud.hostUrl, uri].map(
    (url) => new URL(url).port,
  );

  const answers = await Promise.allSettled(
    beyond.flatMap((address) => ports.map((port) => statusOf(`http://${address}:${port}/`, {}))),
  );

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 'rejected'));
});

/** By another name, another port, a name that looks like ours, another origin, and one that has no name. */
async function refusals(url: string): Promise<readonly (number | undefined)[]> {
  const { port } = new URL(url);
  return Promise.all(
    [
      { host: `evil.example:${port}` },
      { host: '127.0.0.1:1' },
      { host: `127.0.0.1.evil.example:${port}` },
      { origin: 'http://evil.example' },
      { origin: 'null' },
    ].map((headers) => statusOf(url, headers)),
  );
}

async function withService(): Promise<TestCloud> {
  const t = await testCloud();
  await t.write('POST', 'services?serviceId=web', serviceBody());
  return t;
}
