import { mkdtempDisposable, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { testCloud, type TestCloud } from '../test-client.ts';
import { saidTo } from './test-wire.ts';

const MANY = Array.from({ length: 3_000 }, (_, index) => `x-${index}: ${'y'.repeat(20)}\r\n`).join('');
const POST = 'POST /v2/projects/p/locations/r/services?serviceId=web HTTP/1.1\r\n';

test.each([
  { what: 'no HTTP at all', bytes: '\u0000\u0001\u0002\r\n\r\n' },
  { what: 'TLS', bytes: Buffer.from('16030100c8010000c40303', 'hex') },
  { what: 'an unknown method', bytes: 'NONSENSE / HTTP/1.1\r\nHost: HOST\r\n\r\n' },
  { what: 'another version', bytes: 'GET / HTTP/9.9\r\nHost: HOST\r\n\r\n' },
  { what: 'no host', bytes: 'GET / HTTP/1.1\r\n\r\n' },
  { what: 'two hosts', bytes: 'GET / HTTP/1.1\r\nHost: HOST\r\nHost: evil\r\n\r\n' },
  { what: 'a NUL in a header', bytes: 'GET / HTTP/1.1\r\nHost: HOST\r\nA: \u0000\r\n\r\n' },
  { what: 'a flood of headers', bytes: `GET / HTTP/1.1\r\nHost: HOST\r\n${MANY}\r\n` },
  { what: 'a header without an end', bytes: `GET / HTTP/1.1\r\nHost: HOST\r\nA: ${'x'.repeat(200_000)}` },
  { what: 'a path without an end', bytes: `GET /${'x'.repeat(200_000)} HTTP/1.1\r\nHost: HOST\r\n\r\n` },
  { what: 'an authority as a path', bytes: 'CONNECT evil.example:443 HTTP/1.1\r\nHost: HOST\r\n\r\n' },
  { what: 'a path that is none', bytes: 'GET http://[ HTTP/1.1\r\nHost: HOST\r\n\r\n' },
  { what: 'a path with a NUL', bytes: 'GET /\u0000 HTTP/1.1\r\nHost: HOST\r\n\r\n' },
  {
    what: 'an upgrade that nobody offers',
    bytes: 'GET / HTTP/1.1\r\nHost: HOST\r\nConnection: upgrade\r\nUpgrade: nonsense\r\n\r\n',
  },
  { what: 'a length that is none', bytes: `${POST}Host: HOST\r\nContent-Length: -1\r\n\r\n` },
  { what: 'two lengths', bytes: `${POST}Host: HOST\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}` },
  {
    what: 'a length and chunks',
    bytes: `${POST}Host: HOST\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  },
  {
    what: 'a chunk that is none',
    bytes: `${POST}Host: HOST\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n`,
  },
  { what: 'a body that stops', bytes: `${POST}Host: HOST\r\nContent-Length: 100\r\n\r\n{"template"` },
  { what: 'a chunk that stops', bytes: `${POST}Host: HOST\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"t` },
])(
  'on the wire, $what brings down neither the API nor the registry, and changes nothing',
  async ({ bytes }) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'fairlead-fuzz-'));
    const state = join(folder.path, 'state');
    await using t = await testCloud({ state });
    const before = (await stat(state)).size;

    const said = await Promise.all(
      [t.cloud.url, `http://${t.cloud.registry}`].map((url) =>
        saidTo(url, addressed(bytes, url), { waitMs: 300 }),
      ),
    );

    expect(said.map(statusIn).filter((status) => status >= 500 && status !== 505 && status !== 501)).toEqual(
      [],
    );
    expect(await healthOf(t)).toEqual([200, 200]);
    expect((await stat(state)).size).toBe(before);
    expect(await readdir(join(folder.path, 'state.content', 'registry')).catch(() => [])).toEqual([]);
  },
);

function addressed(bytes: string | Buffer, url: string): string | Buffer {
  return typeof bytes === 'string' ? bytes.replace('Host: HOST', `Host: ${new URL(url).host}`) : bytes;
}

function statusIn(said: string): number {
  return Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1] ?? 0);
}

async function healthOf(t: TestCloud): Promise<readonly number[]> {
  const answers = await Promise.all([
    fetch(`${t.cloud.url}/v2/projects/p/locations/r/services`),
    fetch(`http://${t.cloud.registry}/v2/`),
  ]);
  return answers.map(({ status }) => status);
}
