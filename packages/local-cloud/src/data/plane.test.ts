import { once } from 'node:events';
import { connect } from 'node:net';

import { describe, expect, test } from '@jest/globals';

import type { DataPlane, RevisionSpec, Routes } from '../data-plane.ts';
import { freePorts } from './containers/free-port.ts';
import { type DataPlaneOptions, echoDataPlane, seededRandom } from './index.ts';
import { revisionSpec, service } from './test-specs.ts';

const names = ['web-1', 'web-2', 'web-3'];

function named(name: string, changes: Partial<RevisionSpec> = {}): RevisionSpec {
  return revisionSpec('', { name: `${service}/revisions/${name}`, ...changes });
}

function shares(...percents: readonly number[]): Routes['targets'] {
  return percents.map((percent, index) => ({ revision: names[index] ?? '', percent }));
}

async function planeOf(options: Partial<DataPlaneOptions> = {}): Promise<DataPlane & AsyncDisposable> {
  const plane = await echoDataPlane({ id: 'test', random: seededRandom(7), ...options });
  await Promise.all(names.map((name) => plane.startRevision(named(name))));
  return Object.assign(plane, { [Symbol.asyncDispose]: plane.close });
}

function freePort(): Promise<number> {
  return freePorts().take();
}

async function answering(url: string): Promise<string> {
  const { revision } = (await (await fetch(url)).json()) as { readonly revision: string };
  return revision;
}

async function inTurn<T>(times: number, act: (turn: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  while (results.length < times) results.push(await act(results.length));
  return results;
}

test('10,000 requests across hundreds of changes of routes are all answered by a revision that had a share', async () => {
  await using plane = await planeOf({ idleMs: 5 });
  const { url } = await plane.setRoutes(service, { targets: shares(100), tags: [] });
  const steps = [
    shares(100, 0, 0),
    shares(50, 50),
    shares(0, 100),
    shares(0, 20, 80),
    shares(0, 0, 100),
    shares(34, 33, 33),
  ];

  const others = Array.from({ length: 15 }, () => inTurn(625, () => answering(url)));
  const changing = inTurn(625, async (turn) => {
    const tags = [{ tag: `c-${turn % 3}`, revision: 'web-1' }];
    await plane.setRoutes(service, { targets: steps[turn % steps.length] ?? [], tags });
    return answering(url);
  });
  const answers = (await Promise.all([changing, ...others])).flat();

  expect(answers).toHaveLength(10_000);
  expect(new Set(answers)).toEqual(new Set(names));
}, 120_000);

test('the shares that are observed are those of the routes', async () => {
  await using plane = await planeOf();
  const { url } = await plane.setRoutes(service, { targets: shares(90, 10), tags: [] });

  const answers = await inTurn(1_000, () => answering(url));
  const seen = answers.filter((name) => name === 'web-2').length / 10;

  expect(seen).toBeGreaterThan(8);
  expect(seen).toBeLessThan(12);
});

describe('a tag', () => {
  test('has an address that reaches its revision alone, whatever the shares', async () => {
    await using plane = await planeOf();

    const { tagUrls } = await plane.setRoutes(service, {
      targets: shares(100),
      tags: [{ tag: 'c-abc1234', revision: 'web-2' }],
    });
    const answers = await inTurn(20, () => answering(tagUrls['c-abc1234'] ?? ''));

    expect(new Set(answers)).toEqual(new Set(['web-2']));
  });

  test('keeps its address when it moves to another revision', async () => {
    await using plane = await planeOf();
    const tagged = (revision: string) =>
      plane.setRoutes(service, { targets: shares(100), tags: [{ tag: 'candidate', revision }] });
    const before = await tagged('web-2');

    const after = await tagged('web-3');

    expect(after).toEqual(before);
    expect(await answering(after.tagUrls['candidate'] ?? '')).toBe('web-3');
  });

  test('that is taken away has no address any more', async () => {
    await using plane = await planeOf();
    const { tagUrls } = await plane.setRoutes(service, {
      targets: shares(100),
      tags: [{ tag: 'old', revision: 'web-2' }],
    });

    const after = await plane.setRoutes(service, { targets: shares(100), tags: [] });

    expect(after.tagUrls).toEqual({});
    await expect(fetch(tagUrls['old'] ?? '')).rejects.toThrow('fetch failed');
  });
});

describe('the host port', () => {
  const asked = async (plane: DataPlane, host: string) => {
    const { request } = await import('node:http');
    const { text } = await import('node:stream/consumers');
    return new Promise<string>((resolve, reject) => {
      request(plane.hostUrl, { headers: { host } }, (response) => {
        text(response).then((body) => {
          resolve(`${response.statusCode ?? 0} ${body}`);
        }, reject);
      }).end();
    });
  };

  test('answers for a service and for a tag by their names', async () => {
    await using plane = await planeOf();
    const { host } = await plane.setRoutes(service, {
      targets: shares(100),
      tags: [{ tag: 'next', revision: 'web-2' }],
    });

    expect(host).toMatch(/^web-[0-9a-f]{10}-uc\.a\.run\.app$/);
    expect(await asked(plane, host)).toContain('"revision":"web-1"');
    expect(await asked(plane, `next---${host}:443`)).toContain('"revision":"web-2"');
  });

  test.each(['example.com', 'none---web-0000000000-uc.a.run.app', ''])(
    'answers 404 for "%s"',
    async (host) => {
      await using plane = await planeOf();

      expect(await asked(plane, host)).toMatch(/^404 Page not found/);
    },
  );
});

test.each<[string, Routes, string]>([
  [
    'shares that do not add up',
    { targets: shares(60, 30), tags: [] },
    'percents of all targets must sum to 100, got 90',
  ],
  [
    'a share that is not whole',
    { targets: shares(33.5, 66.5), tags: [] },
    'percent of revision "web-1" must be a whole number from 0 to 100, got 33.5',
  ],
  [
    'a revision that does not exist',
    { targets: [{ revision: 'web-9', percent: 100 }], tags: [] },
    "Revision 'web-9' does not exist or is deleted. Update all traffic to route to currently available revisions.",
  ],
  [
    'one tag for two revisions',
    {
      targets: shares(100),
      tags: [
        { tag: 'a', revision: 'web-1' },
        { tag: 'a', revision: 'web-2' },
      ],
    },
    'tag "a" is given to two revisions, expected one',
  ],
  [
    'a tag that is no name',
    { targets: shares(100), tags: [{ tag: 'A b', revision: 'web-1' }] },
    'tag "A b" must begin with a lower-case letter and hold only lower-case letters, digits and dashes',
  ],
])('routes with %s change nothing', async (_name, routes, message) => {
  await using plane = await planeOf();
  const { url } = await plane.setRoutes(service, { targets: shares(0, 100), tags: [] });

  await expect(plane.setRoutes(service, routes)).rejects.toThrow(message);

  expect(await answering(url)).toBe('web-2');
});

test('a service without routes answers 404', async () => {
  await using plane = await planeOf();

  const { url } = await plane.setRoutes(service, { targets: [], tags: [] });

  expect((await fetch(url)).status).toBe(404);
});

test('requests that a share brought are told from those that came by a tag', async () => {
  await using plane = await planeOf();
  const { url, tagUrls } = await plane.setRoutes(service, {
    targets: shares(100),
    tags: [{ tag: 'canary', revision: 'web-2' }],
  });

  await answering(url);
  await answering(tagUrls['canary'] ?? '');

  expect(plane.stats(named('web-1').name)).toMatchObject({ requests: 1, byShare: 1 });
  expect(plane.stats(named('web-2').name)).toMatchObject({ requests: 1, byShare: 0 });
});

test('requests are counted by revision and class of status', async () => {
  await using plane = await planeOf();
  const { url } = await plane.setRoutes(service, { targets: shares(100), tags: [] });

  await inTurn(3, () => answering(url));

  expect(plane.stats(named('web-1').name)).toMatchObject({
    requests: 3,
    byClass: { '1xx': 0, '2xx': 3, '3xx': 0, '4xx': 0, '5xx': 0 },
    instances: 1,
    starts: 1,
  });
  expect(plane.stats(named('web-2').name)).toMatchObject({ requests: 0 });
  expect(plane.stats('projects/p/locations/l/services/s/revisions/none')).toBeUndefined();
});

test('log lines beyond the bound push out the oldest', async () => {
  await using plane = await planeOf({ logBound: { lines: 2, bytes: 1_000 }, idleMs: 1 });
  const { url } = await plane.setRoutes(service, { targets: shares(0, 100), tags: [] });
  await answering(url);

  await plane.close();

  expect(plane.logs({ revision: named('web-2').name }).map(({ text }) => text)).toEqual([
    'Default STARTUP TCP probe succeeded after 1 attempt for container "web-1" on port 8080.',
    'Container called exit(0).',
  ]);
});

describe('a service whose port is given', () => {
  test('has it in its own URL, and its tags have others', async () => {
    const port = await freePort();
    await using plane = await planeOf({ ports: { web: port } });

    const { url, tagUrls } = await plane.setRoutes(service, {
      targets: shares(100),
      tags: [{ tag: 'c-1', revision: 'web-1' }],
    });

    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect(Object.values(tagUrls)).not.toContain(url);
    expect(await answering(url)).toBe('web-1');
  });

  test('gets no other when that one is taken', async () => {
    await using taken = await planeOf();
    const port = Number(new URL(taken.hostUrl).port);
    await using plane = await planeOf({ ports: { web: port } });

    const routed = plane.setRoutes(service, { targets: shares(100), tags: [] });

    await expect(routed).rejects.toThrow(
      `service "web" is to answer on port ${port} of 127.0.0.1, which is taken; end what listens there or choose another port`,
    );
  });
});

test('after close every address is closed and nothing starts any more', async () => {
  await using plane = await planeOf();
  const { url } = await plane.setRoutes(service, { targets: shares(100), tags: [] });

  await plane.close();

  await expect(fetch(url)).rejects.toThrow('fetch failed');
  await expect(plane.startRevision(named('web-4'))).rejects.toThrow('the data plane is closed');
});

test('a tag that is taken away ends the connections that idle at its address', async () => {
  await using plane = await planeOf();
  const { tagUrls } = await plane.setRoutes(service, {
    targets: shares(100),
    tags: [{ tag: 'old', revision: 'web-2' }],
  });
  const socket = connect(Number(new URL(tagUrls['old'] ?? '').port), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'data');

  await plane.setRoutes(service, { targets: shares(100), tags: [] });

  await once(socket, 'close');
  expect(socket.destroyed).toBe(true);
});
