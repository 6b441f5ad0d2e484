import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { recordingContext } from '@fairlead/action-kit';
import type { StagedUnit } from '@fairlead/rollout';
import { describe, expect, test } from '@jest/globals';

import { gateHealth } from './gate-health.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A candidate that answers over real HTTP and counts how often it was asked. */
async function serving(answer: Answer) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function workspace(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-gate-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return {
    folder,
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

const body = (unit: string, changes: object = {}) => ({
  status: 'healthy',
  service: `${unit}-service`,
  version: 'main-1a2b3c4',
  revision: `${unit}-service-aaaa`,
  dependencies: { database: 'connected' },
  ...changes,
});

const json =
  (value: unknown, status = 200): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };

const staged = (unit: string, tagUrl: string, changes: Partial<StagedUnit> = {}): StagedUnit => ({
  unit,
  kind: 'service',
  project: 'acme',
  region: 'us-central1',
  service: `${unit}-service`,
  revision: `${unit}-service-aaaa`,
  tag: 'c-1a2b3c4',
  tagUrl,
  image: `r/${unit}@sha256:aa`,
  version: 'main-1a2b3c4',
  ...changes,
});

const contextFor = (
  release: readonly StagedUnit[],
  inputs: Readonly<Record<string, string>> = {},
  folder = '/none',
) =>
  recordingContext({
    inputs: { release: JSON.stringify(release), ...inputs },
    env: { GITHUB_WORKSPACE: folder },
  });

const errorsOf = ({ logged }: ReturnType<typeof recordingContext>) =>
  logged.filter(({ level }) => level === 'error').map(({ message }) => message);

describe('one candidate', () => {
  test('three healthy answers in a row from the expected revision open the gate (HG-01)', async () => {
    await using habits = await serving(json(body('habits')));
    const context = contextFor([staged('habits', habits.url)]);

    await gateHealth(context);

    expect(context.outputs['verdict']).toBe('healthy');
    expect(habits.asked).toEqual(['GET /health', 'GET /health', 'GET /health']);
  });

  test('the previous version is asked again until the candidate answers (HG-03)', async () => {
    const answers = [
      ...Array<object>(4).fill({ version: 'main-0000000', revision: 'habits-service-old' }),
      {},
    ];
    let count = 0;
    await using habits = await serving((request, response) => {
      json(body('habits', answers[Math.min(count, 4)]))(request, response);
      count += 1;
    });
    const context = contextFor([staged('habits', habits.url)]);

    await gateHealth(context);

    expect(context.outputs['report']).toMatchObject([
      { name: 'habits', verdict: { kind: 'healthy', provenBy: 'revision' }, attempts: 7 },
    ]);
  });

  test('one that never gets well fails after 30 attempts, 5 s apart, with its last body (HG-05, X-10)', async () => {
    await using habits = await serving(json(body('habits', { dependencies: { database: 'disconnected' } })));
    const context = contextFor([staged('habits', habits.url)], { timeout: '10m' });
    const start = context.clock.now();

    await expect(gateHealth(context)).rejects.toThrow('the gate stays closed: 1 of 1 is not healthy: habits');

    expect(context.clock.now() - start).toBe(29 * 5000);
    expect(errorsOf(context)).toEqual([
      'habits is unhealthy: dependency "database" is "disconnected", expected "connected" (after 30 attempts); its last answer was {"status":"healthy","service":"habits-service","version":"main-1a2b3c4","revision":"habits-service-aaaa","dependencies":{"database":"disconnected"}}',
    ]);
  });

  test('the whole gate ends at its timeout', async () => {
    await using habits = await serving(json({}, 503));
    const context = contextFor([staged('habits', habits.url)], { timeout: '12s' });

    await expect(gateHealth(context)).rejects.toThrow('the gate stays closed');

    expect(context.outputs['report']).toMatchObject([{ attempts: 4, verdict: { kind: 'unhealthy' } }]);
  });

  test('an address that nobody listens on is inconclusive, and closes the gate', async () => {
    const { url } = await closed();
    const context = contextFor([staged('habits', url)], { attempts: '2' });

    await expect(gateHealth(context)).rejects.toThrow('the gate stays closed');

    expect(context.outputs['verdict']).toBe('inconclusive');
    expect(errorsOf(context)[0]).toMatch(
      /^habits is inconclusive: unreachable: nobody listens at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/,
    );
  });

  test('a refusal by ingress is said as such', async () => {
    await using habits = await serving((_, response) => {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html>not found</html>');
    });
    const context = contextFor([staged('habits', habits.url)], { attempts: '1' });

    await expect(gateHealth(context)).rejects.toThrow('the gate stays closed');

    expect(errorsOf(context)[0]).toContain('which is how Cloud Run refuses by ingress');
  });

  test('a redirect is no answer of the candidate', async () => {
    await using habits = await serving((_, response) => {
      response.writeHead(302, { location: '/login' }).end();
    });
    const context = contextFor([staged('habits', habits.url)], { attempts: '1' });

    await expect(gateHealth(context)).rejects.toThrow('the gate stays closed');

    expect(habits.asked).toEqual(['GET /health']);
  });

  test('a plain address needs no release and no manifest', async () => {
    await using habits = await serving(json(body('habits')));
    const context = recordingContext({
      inputs: { url: habits.url, service: 'habits-service', version: 'main-1a2b3c4', successes: '1' },
    });

    await gateHealth(context);

    expect(context.outputs['report']).toMatchObject([{ name: 'habits-service', attempts: 1 }]);
  });

  test('credentials in a body are not shown', async () => {
    await using habits = await serving(json({ error: 'postgres://app:hunter2@db/main refused' }, 500));
    const context = contextFor([staged('habits', habits.url)], { attempts: '1' });

    await expect(gateHealth(context)).rejects.toThrow('the gate stays closed');

    const said = `${JSON.stringify(context.logged)}${JSON.stringify(context.outputs)}${context.renderedSummary()}`;
    expect(said).not.toContain('hunter2');
  });
});

describe('a release', () => {
  test('every unit that fails is named, and the step fails once (HG-07)', async () => {
    await using good = await serving(json(body('agent')));
    await using wrong = await serving(json(body('journal')));
    await using broken = await serving(json({ status: 'down' }, 503));
    const release = [staged('agent', good.url), staged('habits', wrong.url), staged('users', broken.url)];
    const context = contextFor(release, { attempts: '3' });

    await expect(gateHealth(context)).rejects.toThrow(
      'the gate stays closed: 2 of 3 are not healthy: habits, users',
    );

    expect(errorsOf(context)).toEqual([
      expect.stringContaining(
        'habits is unhealthy: wrong service: expected "habits-service", "journal-service" answered',
      ),
      expect.stringContaining('users is unhealthy: answered 503, expected 200'),
    ]);
    expect(context.renderedSummary()).toContain('1 of 3 healthy.');
  });
});

describe('with the manifest', () => {
  const manifest = `
project: acme
region: us-central1
registry: r
environments: { production: { branches: main } }
units:
  habits:
    kind: service
    service: habits-service
    paths: habits/**
    health: { dependencies: [database] }
    subgraph: { name: habits, schema: habits.graphql }
    smoke:
      - { name: docs, path: /docs, contains: Swagger }
      - { name: graph, path: /graphql, graphql: '{ __typename }' }
`;
  const schema = 'type Query { habits: [ID!]! }';

  const routed =
    (routes: Readonly<Record<string, unknown>>): Answer =>
    (request, response) => {
      json(routes[request.url ?? ''] ?? {}, 200)(request, response);
    };

  const graph = (sdl: string) => ({ data: { __typename: 'Query', _service: { sdl } } });

  test('smoke checks and the served schema are asked after health (HG-06, HG-08)', async () => {
    await using habits = await serving(
      routed({
        '/health': body('habits'),
        '/docs': 'Swagger',
        '/graphql': graph('type Query {\n habits: [ID!]!\n}'),
      }),
    );
    using files = workspace({ 'fairlead.yaml': manifest, 'habits.graphql': schema });
    const context = contextFor([staged('habits', habits.url)], { successes: '1' }, files.folder);

    await gateHealth(context);

    expect(habits.asked).toEqual(['GET /health', 'GET /docs', 'POST /graphql', 'POST /graphql']);
  });

  test('a failing smoke check closes the gate by its name', async () => {
    await using habits = await serving(
      routed({ '/health': body('habits'), '/docs': 'nothing', '/graphql': graph(schema) }),
    );
    using files = workspace({ 'fairlead.yaml': manifest, 'habits.graphql': schema });
    const context = contextFor([staged('habits', habits.url)], { successes: '1' }, files.folder);

    await expect(gateHealth(context)).rejects.toThrow('the gate stays closed');

    expect(errorsOf(context)[0]).toContain(
      'habits is unhealthy: check "docs": the body does not contain "Swagger"',
    );
  });

  test('a candidate that serves another schema than the committed one closes the gate', async () => {
    await using habits = await serving(
      routed({
        '/health': body('habits'),
        '/docs': 'Swagger',
        '/graphql': graph('type Query { habits: Int }'),
      }),
    );
    using files = workspace({ 'fairlead.yaml': manifest, 'habits.graphql': schema });
    const context = contextFor([staged('habits', habits.url)], { successes: '1' }, files.folder);

    await expect(gateHealth(context)).rejects.toThrow('the gate stays closed');

    expect(errorsOf(context)[0]).toContain(
      'check "served schema": it serves another schema than habits.graphql: Query differs; commit the schema that it serves',
    );
  });

  test('a schema that cannot be read says how to go on', async () => {
    await using habits = await serving(
      routed({ '/health': body('habits'), '/docs': 'Swagger', '/graphql': graph(schema) }),
    );
    using files = workspace({ 'fairlead.yaml': manifest });
    const context = contextFor([staged('habits', habits.url)], { successes: '1' }, files.folder);

    await expect(gateHealth(context)).rejects.toThrow('the gate stays closed');

    expect(errorsOf(context)[0]).toContain('set the input "check-subgraphs" to "false"');
  });
});

describe('bad inputs ask nobody', () => {
  test.each([
    [{}, 'either input "release" or input "url" must be set, neither is'],
    [{ release: '[]', url: 'http://x' }, 'either input "release" or input "url" must be set, both are'],
    [
      { release: '[]' },
      'input "release" is an empty list: nothing was staged, so nothing can be proven healthy',
    ],
    [{ release: '[{}]' }, 'input "release": release[0].unit must be text that is not empty'],
    [{ url: 'ftp://x' }, 'input "url" must be an http or https address without credentials, got "ftp://x"'],
    [
      { url: 'http://x', path: 'health' },
      'input "path" must begin with a slash, such as "/health", got "health"',
    ],
    [{ url: 'http://x', attempts: '0' }, 'input "attempts" must be a whole number from 1 to 1000, got "0"'],
    [{ url: 'http://x', interval: '5' }, 'input "interval" must be a duration'],
  ])('%j', async (inputs, message) => {
    const context = recordingContext({ inputs });

    await expect(gateHealth(context)).rejects.toThrow(message);

    expect(context.outputs).toEqual({});
  });
});

/** An address that was free a moment ago. */
async function closed() {
  const { url, [Symbol.asyncDispose]: close } = await serving(json({}));
  await close();
  return { url };
}
