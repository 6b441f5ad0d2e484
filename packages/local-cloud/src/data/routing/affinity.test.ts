import { createServer } from 'node:http';

import { describe, expect, test } from '@jest/globals';

import type { Routes } from '../../data-plane.ts';
import { type Bench, listening, type Program, serving } from '../test-engine.ts';
import { revisionSpec, service } from '../test-specs.ts';

const tellsInstance: Program = async (port, launch) => {
  const server = await listening(
    createServer((_request, response) => {
      response.setHeader('Set-Cookie', 'own=1');
      response.end(launch.id);
    }),
    port,
  );
  return { server };
};

const spec = { sessionAffinity: true, minInstances: 4, concurrency: 80 };
const halves: Routes = {
  targets: [
    { revision: 'web-1', percent: 50 },
    { revision: 'web-2', percent: 50 },
  ],
  tags: [],
};
const onlySecond: Routes = { targets: [{ revision: 'web-2', percent: 100 }], tags: [] };

/** Two revisions of four warm instances each. */
async function two(): Promise<Bench> {
  const at = await serving(tellsInstance, { spec });
  await at.plane.startRevision(
    revisionSpec('', { ...spec, maxInstances: 10, name: `${service}/revisions/web-2` }),
  );
  await at.plane.setRoutes(service, halves);
  await new Promise<void>((resolve) => {
    at.plane.watchInstances(({ revision, warm }) => {
      if (revision.endsWith('web-2') && warm === 4) resolve();
    });
  });
  return at;
}

async function visit(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  const cookies = response.headers.getSetCookie();
  return { instance: await response.text(), cookies, cookie: cookies.at(-1)?.split(';')[0] ?? '' };
}

async function visits(url: string, headers: Record<string, string>): Promise<Set<string>> {
  const all = await Promise.all(Array.from({ length: 40 }, () => visit(url, headers)));
  return new Set(all.map(({ instance }) => instance));
}

describe('session affinity', () => {
  test('gives the client a cookie beside those of the container', async () => {
    await using at = await serving(tellsInstance, { spec });

    const { cookies } = await visit(at.url);

    expect(cookies).toEqual(['own=1', expect.stringMatching(/^GAESA=[\w-]+; expires=.* GMT; path=\/$/)]);
  });

  test.each([
    ['cookie', (value: string) => ({ Cookie: `theme=dark; ${value}` })],
    ['header', (value: string) => ({ GAESA: value.replace('GAESA=', '') })],
  ])('by %s holds to one instance of one revision', async (_name, headersOf) => {
    await using at = await two();
    const { instance, cookie } = await visit(at.url);

    expect(await visits(at.url, headersOf(cookie))).toEqual(new Set([instance]));
  });

  test('gives no second cookie to a client that comes back', async () => {
    await using at = await serving(tellsInstance, { spec });
    const { cookie } = await visit(at.url);

    expect((await visit(at.url, { Cookie: cookie })).cookies).toEqual(['own=1']);
  });

  test('ends when the revision has no traffic any more', async () => {
    await using at = await serving(tellsInstance, { spec });
    const { cookie } = await visit(at.url);
    await at.plane.startRevision(revisionSpec('', { ...spec, name: `${service}/revisions/web-2` }));
    await at.plane.setRoutes(service, onlySecond);

    const { instance, cookies } = await visit(at.url, { Cookie: cookie });

    expect(instance).toMatch(/^web-2-/);
    expect(cookies).toHaveLength(2);
  });

  test.each(['GAESA=', 'GAESA=e30', 'GAESA=%%%', 'GAESA=WyJ3ZWItOSIsIngiXQ'])(
    'takes no notice of "%s", which it has not given',
    async (cookie) => {
      await using at = await serving(tellsInstance, { spec });

      expect((await visit(at.url, { Cookie: cookie })).instance).toMatch(/^web-1-/);
    },
  );
});

test('without session affinity no cookie is given', async () => {
  await using at = await serving(tellsInstance);

  expect((await visit(at.url)).cookies).toEqual(['own=1']);
});

test('the shares that are observed over 2,000 requests are within two points of the routes', async () => {
  await using at = await serving(tellsInstance);
  await at.plane.startRevision(revisionSpec('', { name: `${service}/revisions/web-2` }));
  await at.plane.startRevision(revisionSpec('', { name: `${service}/revisions/web-3` }));
  const percents = { 'web-1': 70, 'web-2': 25, 'web-3': 5 };
  await at.plane.setRoutes(service, {
    targets: Object.entries(percents).map(([revision, percent]) => ({ revision, percent })),
    tags: [],
  });

  await Promise.all(
    Array.from({ length: 20 }, async () => {
      for (let turn = 0; turn < 100; turn += 1) await visit(at.url);
    }),
  );

  const off = Object.entries(percents).map(([name, percent]) => {
    const requests = at.plane.stats(`${service}/revisions/${name}`)?.requests ?? 0;
    return Math.abs(requests / 20 - percent);
  });
  expect(Math.max(...off)).toBeLessThanOrEqual(2);
});
