import { afterAll, describe, expect, test } from '@jest/globals';

import type { DataPlane } from '../../data-plane.ts';
import { freePorts } from '../containers/free-port.ts';
import { type DataPlaneOptions, dockerDataPlane, engineAnswers } from '../index.ts';
import { nodeTar } from '../test-node-layer.ts';
import { type TestRegistry, testRegistry } from '../test-registry.ts';
import { revisionSpec, service, taskSpec } from '../test-specs.ts';
import { engineApi } from './engine-api.ts';

const isThere = await engineAnswers();
const withEngine = isThere
  ? { describe, name: 'with a Docker engine' }
  : {
      describe: describe.skip,
      name: 'with a Docker engine (skipped: none answers; start one or set DOCKER_HOST)',
    };

const nodeLayer = isThere ? await nodeTar() : Buffer.alloc(0);

interface Bench extends AsyncDisposable {
  readonly plane: DataPlane;
  readonly registry: TestRegistry;
  /** An image whose `/app/main.mjs` is this program. */
  readonly program: (source: string) => Promise<string>;
}

async function bench(options: Partial<DataPlaneOptions> = {}): Promise<Bench> {
  const registry = await testRegistry();
  const plane = await dockerDataPlane({ id: `test-${process.pid}`, graceMs: 1_000, ...options });
  return {
    plane,
    registry,
    program: (source) =>
      registry.add('web', {
        layers: [nodeLayer, { 'app/main.mjs': source }],
        config: { Entrypoint: ['/usr/local/bin/node', '/app/main.mjs'], WorkingDir: '/app' },
      }),
    [Symbol.asyncDispose]: async () => {
      await plane.close();
      await registry[Symbol.asyncDispose]();
    },
  };
}

async function containersOf(id: string): Promise<{ readonly Id: string }[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`fairlead-local-cloud=${id}`] }));
  const path = `/containers/json?all=true&filters=${filters}`;
  const { body } = await engineApi(process.env['DOCKER_HOST']).call({ method: 'GET', path });
  return body as { readonly Id: string }[];
}

async function volumesOf(id: string): Promise<readonly object[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`fairlead-local-cloud=${id}`] }));
  const { body } = await engineApi(process.env['DOCKER_HOST']).call({
    method: 'GET',
    path: `/volumes?filters=${filters}`,
  });
  const { Volumes: volumes } = body as { readonly Volumes?: unknown };
  return Array.isArray(volumes) ? (volumes as readonly object[]) : [];
}

const tellsAll = `
  import { readFileSync } from 'node:fs';
  import { createServer } from 'node:http';
  const secret = readFileSync('/secrets/db/password', 'utf8');
  const { K_SERVICE, K_REVISION, K_CONFIGURATION, GREETING } = process.env;
  console.log('listening');
  createServer((request, response) => {
    response.end(JSON.stringify({ K_SERVICE, K_REVISION, K_CONFIGURATION, GREETING, secret }));
  }).listen(process.env.PORT);
`;

withEngine.describe(withEngine.name, () => {
  afterAll(async () => {
    expect(await containersOf(`test-${process.pid}`)).toEqual([]);
  });

  test('a revision is pulled, started with its values and secrets, answers, and nothing of it is left after close', async () => {
    await using at = await bench();
    const image = await at.program(tellsAll);
    const spec = revisionSpec(image, {
      env: { GREETING: 'hello' },
      files: { '/secrets/db/password': 's3cret' },
      memory: '256Mi',
    });

    const outcome = await at.plane.startRevision(spec);
    const { url } = await at.plane.setRoutes(service, {
      targets: [{ revision: 'web-1', percent: 100 }],
      tags: [],
    });
    const told: unknown = await (await fetch(url)).json();
    const running = await containersOf(`test-${process.pid}`);
    await at.plane.close();

    expect(outcome).toEqual({ kind: 'ready' });
    expect(told).toEqual({
      K_SERVICE: 'web',
      K_REVISION: 'web-1',
      K_CONFIGURATION: 'web',
      GREETING: 'hello',
      secret: 's3cret',
    });
    expect(running).toHaveLength(1);
    expect(await containersOf(`test-${process.pid}`)).toEqual([]);
  });

  test('an image that is not there fails the revision in Cloud Run’s words', async () => {
    await using at = await bench();
    const image = `${at.registry.address}/web@sha256:${'0'.repeat(64)}`;

    const outcome = await at.plane.startRevision(revisionSpec(image));

    expect(outcome).toEqual({
      kind: 'failed',
      reason: 'CONTAINER_MISSING',
      message: `Image '${image}' not found.`,
    });
  });

  test('a container that ends at once fails at once, and its last words are kept', async () => {
    await using at = await bench();
    const image = await at.program(`console.error('no database'); process.exit(3);`);

    const outcome = await at.plane.startRevision(revisionSpec(image));

    expect(outcome).toMatchObject({
      reason: 'HEALTH_CHECK_CONTAINER_ERROR',
      message: expect.stringContaining('failed to start and listen on the port'),
    });
    expect(at.plane.logs({ revision: revisionSpec('').name })).toMatchObject([
      { stream: 'system', text: 'Starting new instance.' },
      { stream: 'stderr', text: 'no database' },
      { stream: 'system', text: 'Container called exit(3).' },
      { stream: 'system' },
    ]);
  });

  test('a command that the image does not have fails the revision', async () => {
    await using at = await bench();
    const image = await at.program('');

    const outcome = await at.plane.startRevision(revisionSpec(image, { command: ['/bin/serve'] }));

    expect(outcome).toMatchObject({
      reason: 'HEALTH_CHECK_CONTAINER_ERROR',
      message: expect.stringMatching(/^Application failed to start: .*\/bin\/serve/),
    });
  });

  test('a task ends with its exit code', async () => {
    await using at = await bench();
    const image = await at.program(
      'process.exit(Number(process.argv[2]) + Number(process.env.CLOUD_RUN_TASK_INDEX))',
    );

    const outcome = await at.plane.runTask(
      taskSpec(image, { args: ['/app/main.mjs', '4'], command: ['node'], taskIndex: 1 }),
    );

    expect(outcome).toEqual({ kind: 'exited', exitCode: 5, message: 'Container called exit(5).' });
  });

  test('a task that takes more memory than it may is ended, and its log says how much that is', async () => {
    await using at = await bench();
    const image = await at.program('const held = []; setInterval(() => held.push(Buffer.alloc(2e7, 1)), 5);');

    const outcome = await at.plane.runTask(taskSpec(image, { memory: '128Mi' }));

    expect(outcome).toEqual({
      kind: 'signalled',
      signal: 'SIGKILL',
      message: 'The configured memory limit was reached.',
    });
    expect(at.plane.logs({ task: taskSpec('').id }).at(-1)?.text).toBe(
      'Memory limit of 128 MiB exceeded with 128 MiB used. Consider increasing the memory limit, see https://cloud.google.com/run/docs/configuring/memory-limits',
    );
  });

  test('as many containers run as the requests at once need', async () => {
    await using at = await bench();
    const image = await at.program(`
      import { createServer } from 'node:http';
      createServer((request, response) => setTimeout(() => response.end(process.env.PORT), 1_000)).listen(process.env.PORT);
    `);
    await at.plane.startRevision(
      revisionSpec(image, { concurrency: 1, maxInstances: 2, timeoutSeconds: 20 }),
    );
    const { url } = await at.plane.setRoutes(service, {
      targets: [{ revision: 'web-1', percent: 100 }],
      tags: [],
    });

    const answers = await Promise.all([url, url].map(async (asked) => (await fetch(asked)).text()));

    expect(new Set(answers).size).toBe(2);
    expect(await containersOf(`test-${process.pid}`)).toHaveLength(2);
  });

  test('containers of one instance share a folder in memory and the network, and nothing of it is left', async () => {
    await using at = await bench();
    const port = await freePorts().take();
    const image = await at.program(`
      import { createServer, get } from 'node:http';
      import { readFileSync, writeFileSync } from 'node:fs';
      if (process.env.PORT === undefined) {
        writeFileSync('/shared/note', 'a note');
        createServer((request, response) => response.end('proxied')).listen(${port}, '127.0.0.1');
      } else {
        createServer((request, response) => {
          get('http://127.0.0.1:${port}', (asked) => {
            asked.on('data', (said) => response.end(said + ', ' + readFileSync('/data/note', 'utf8')));
          });
        }).listen(Number(process.env.PORT));
      }
    `);
    const outcome = await at.plane.startRevision(
      revisionSpec(image, {
        folders: { '/data': 'scratch' },
        dependsOn: ['proxy'],
        sidecars: [
          {
            containerName: 'proxy',
            image,
            command: [],
            args: [],
            env: {},
            files: {},
            folders: { '/shared': 'scratch' },
            startupProbe: { kind: 'tcp', port, periodSeconds: 10 },
          },
        ],
      }),
    );
    const { url } = await at.plane.setRoutes(service, {
      targets: [{ revision: 'web-1', percent: 100 }],
      tags: [],
    });

    const told = await (await fetch(url)).text();
    const volumes = await volumesOf(`test-${process.pid}`);
    await at.plane.close();

    expect(outcome).toEqual({ kind: 'ready' });
    expect(told).toBe('proxied, a note');
    expect(volumes).toMatchObject([{ Options: { type: 'tmpfs' } }]);
    expect(await volumesOf(`test-${process.pid}`)).toEqual([]);
  });

  test('what a killed run has left is removed by the next one of the same id', async () => {
    await using left = await bench({ id: 'test-left' });
    await left.plane.startRevision(
      revisionSpec(await left.program(`setInterval(() => {}, 1000)`), { healthCheckDisabled: true }),
    );

    await using next = await bench({ id: 'test-left' });

    expect(next.plane.hostUrl).toMatch(/^http:/);
    expect(await containersOf('test-left')).toEqual([]);
  });
});
