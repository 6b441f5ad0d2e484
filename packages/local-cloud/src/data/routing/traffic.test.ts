import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { describe, expect, test } from '@jest/globals';

import type { RevisionSpec } from '../../data-plane.ts';
import { type Bench, bench } from '../test-bench.ts';
import { logWatch } from '../test-log.ts';
import { revisionSpec, service } from '../test-specs.ts';

const name = revisionSpec('').name;
const toFirst = { targets: [{ revision: 'web-1', percent: 100 }], tags: [] };
const toSecond = { targets: [{ revision: 'web-2', percent: 100 }], tags: [] };

/** A server whose answer is this body of a function of `request` and `response`. */
function server(handler: string): string {
  return `
    import { createServer } from 'node:http';
    const server = createServer((request, response) => { ${handler} });
    server.listen(process.env.PORT, '127.0.0.1');
  `;
}

const tellsItself = server('response.end(process.env.K_REVISION)');

/** Starts `web-1` with this program, and gives it all traffic. */
async function serving(at: Bench, source: string, changes: Partial<RevisionSpec> = {}): Promise<string> {
  await at.plane.startRevision(revisionSpec(await at.program(source), changes));
  const { url } = await at.plane.setRoutes(service, toFirst);
  return url;
}

async function get(url: string): Promise<string> {
  const response = await fetch(url);
  return `${response.status} ${await response.text()}`;
}

describe('a request', () => {
  test('in flight finishes where it began when the traffic moves', async () => {
    const log = logWatch();
    await using at = await bench({ onLog: log.onLog, idleMs: 10 });
    const url = await serving(
      at,
      server(`console.log('asked'); setTimeout(() => response.end(process.env.K_REVISION), 500)`),
    );
    await at.plane.startRevision(
      revisionSpec(await at.program(tellsItself), { name: `${service}/revisions/web-2` }),
    );
    const slow = get(url);
    await log.line(/asked/);

    await at.plane.setRoutes(service, toSecond);
    const quick = await get(url);

    expect([quick, await slow]).toEqual(['200 web-2', '200 web-1']);
  });

  test('keeps its headers and is told where it comes from', async () => {
    await using at = await bench();
    const url = await serving(at, server('response.end(JSON.stringify(request.rawHeaders))'));

    const response = await fetch(`${url}/path`, {
      headers: { 'X-Custom': 'Kept', 'X-Forwarded-For': '203.0.113.9' },
    });
    const headers = (await response.json()) as string[];

    expect(headers.join(' ')).toMatch(
      /X-Custom Kept.* X-Forwarded-For 203\.0\.113\.9, 127\.0\.0\.1 X-Forwarded-Proto http/,
    );
    expect(headers.join(' ')).toContain(new URL(url).host);
  });

  test('gets every header of the answer, twice where it is there twice', async () => {
    await using at = await bench();
    const url = await serving(
      at,
      server(
        `response.writeHead(418, 'Short', { 'Set-Cookie': ['a=1', 'b=2'], 'X-Revision': 'r' }).end('tea')`,
      ),
    );

    const response = await fetch(url);

    expect([
      response.status,
      response.statusText,
      response.headers.getSetCookie(),
      response.headers.get('x-revision'),
    ]).toEqual([418, 'Short', ['a=1', 'b=2'], 'r']);
  });

  test('streams in both directions at once', async () => {
    await using at = await bench();
    const url = await serving(
      at,
      server(`request.on('data', (chunk) => response.write('got ' + chunk)).on('end', () => response.end())`),
    );
    const sent = request(url, { method: 'POST' });
    const answered = once(sent, 'response');

    sent.write('one');
    const [response] = (await answered) as [NodeJS.ReadableStream];
    const [first] = (await once(response, 'data')) as [Buffer];
    sent.end('two');

    expect(first.toString()).toBe('got one');
    expect(await text(response)).toBe('got two');
  });

  test('that takes too long is answered 504', async () => {
    await using at = await bench();
    const url = await serving(at, server(''), { timeoutSeconds: 0.2 });

    expect(await get(url)).toBe('504 upstream request timeout\n');
    expect(at.plane.stats(name)).toMatchObject({ byClass: { '5xx': 1 } });
  });

  test('to an instance that ends without an answer is answered 503, and the next one by a new instance', async () => {
    await using at = await bench();
    const url = await serving(at, server(`request.url === '/end' ? process.exit(1) : response.end('fine')`));

    const broken = await fetch(`${url}/end`, { method: 'POST', body: 'x' });

    expect([broken.status, await broken.text()]).toEqual([
      503,
      expect.stringContaining('upstream connect error or disconnect/reset'),
    ]);
    expect(await get(url)).toBe('200 fine');
    expect(at.plane.stats(name)).toMatchObject({ starts: 2 });
  });

  test('that met the end of an instance which others caused is sent again when that is safe', async () => {
    await using at = await bench();
    const url = await serving(
      at,
      server(`request.url === '/end' ? process.exit(1) : setTimeout(() => response.end('fine'), 300)`),
    );

    const safe = get(url);
    await fetch(`${url}/end`, { method: 'POST', body: 'x' });

    expect(await safe).toBe('200 fine');
  });

  test('that leaves HTTP is carried both ways', async () => {
    await using at = await bench();
    const url = await serving(
      at,
      `${server('response.end()')}
      server.on('upgrade', (request, socket) => {
        socket.write('HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: echo\\r\\n\\r\\n');
        socket.on('data', (chunk) => socket.end('echo ' + chunk));
      });`,
    );
    const { port, host } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');

    socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`);
    const [head] = (await once(socket, 'data')) as [Buffer];
    socket.write('hello');

    expect(head.toString()).toMatch(/^HTTP\/1\.1 101 /);
    expect(await text(socket)).toBe('echo hello');
  });
});

describe('an instance', () => {
  test('is stopped without traffic and tag, and started again for the first request after', async () => {
    const log = logWatch();
    await using at = await bench({ onLog: log.onLog, idleMs: 10 });
    const url = await serving(at, tellsItself);
    await at.plane.startRevision(
      revisionSpec(await at.program(tellsItself), { name: `${service}/revisions/web-2` }),
    );
    await at.plane.setRoutes(service, toSecond);
    await log.line(/Container terminated on signal SIGTERM/);
    const idle = at.plane.stats(name);

    await at.plane.setRoutes(service, toFirst);

    expect(idle).toMatchObject({ instances: 0 });
    expect(await get(url)).toBe('200 web-1');
  });

  test('with a tag but no traffic is not stopped', async () => {
    const log = logWatch();
    await using at = await bench({ onLog: log.onLog, idleMs: 50 });
    const image = await at.program(tellsItself);
    const start = (revision: string) =>
      at.plane.startRevision(revisionSpec(image, { name: `${service}/revisions/${revision}` }));
    await Promise.all([start('web-1'), start('web-2')]);
    const { tagUrls } = await at.plane.setRoutes(service, {
      ...toFirst,
      tags: [{ tag: 'next', revision: 'web-2' }],
    });
    await get(tagUrls['next'] ?? '');

    // It idles for longer than this one, which is stopped.
    await start('web-3');
    await log.line(/web-3: Container terminated on signal SIGTERM/);

    expect(at.plane.stats(`${service}/revisions/web-2`)).toMatchObject({ instances: 1 });
  });

  test('of a revision with a minimum is started again when it ends', async () => {
    const log = logWatch();
    await using at = await bench({ onLog: log.onLog });
    const url = await serving(at, server('process.exit(1)'), { minInstances: 1 });

    await fetch(url, { method: 'POST', body: 'x' });
    await log.line(/Starting instance 2/);

    expect(at.plane.stats(name)?.starts).toBe(2);
  });

  test('that cannot be started again answers 503 with the reason', async () => {
    await using at = await bench();
    const url = await serving(
      at,
      `
        import { existsSync, writeFileSync } from 'node:fs';
        if (existsSync('started')) process.exit(9);
        writeFileSync('started', '');
        ${server('process.exit(1)')}
      `,
    );
    await fetch(url, { method: 'POST', body: 'x' });

    expect(await get(url)).toMatch(/^503 Service Unavailable: .*Container called exit\(9\)\./);
  });

  test('is stopped with its revision once its requests are answered', async () => {
    const log = logWatch();
    await using at = await bench({ onLog: log.onLog });
    const url = await serving(
      at,
      server(`console.log('asked'); setTimeout(() => response.end('fine'), 200)`),
    );
    const slow = get(url);
    await log.line(/asked/);
    await at.plane.setRoutes(service, { targets: [], tags: [] });

    await at.plane.removeRevision(name);

    expect(await slow).toBe('200 fine');
    expect(at.plane.stats(name)).toBeUndefined();
  });
});
