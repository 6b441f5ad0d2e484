import { createServer } from 'node:http';
import type { Server } from 'node:net';

import { describe, expect, test } from '@jest/globals';

import type { RevisionSpec, SidecarSpec, TaskSpec } from '../../data-plane.ts';
import { dataPlaneOver, type DataPlaneOptions } from '../plane.ts';
import { bench, testId } from '../test-bench.ts';
import { listening, type Program, serving, testEngine } from '../test-engine.ts';
import { execution, revisionSpec, service, taskSpec } from '../test-specs.ts';
import type { Launch } from './engine.ts';

const name = revisionSpec('').name;

function sidecar(changes: Partial<SidecarSpec> = {}): SidecarSpec {
  return { containerName: 'proxy', image: 'proxy', command: [], args: [], env: {}, files: {}, ...changes };
}

/** A port of this machine that nobody has. */
async function freePort(): Promise<number> {
  const server = await listening(createServer(), 0);
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A container that answers at its port, or at this one when it is a sidecar; it says when it begins to listen and when that is over. */
function pod(port: number, story: string[] = []): Program {
  return async (own, launch) => {
    const said = launch.id.endsWith('proxy') ? 'proxy' : 'web';
    story.push(`${said} starts`);
    const server: Server = await listening(
      createServer((_request, response) => response.end(said)),
      said === 'proxy' ? port : own,
    );
    return { server, cut: () => story.push(`${said} ends`) };
  };
}

async function starting(
  program: Program,
  spec: Partial<RevisionSpec>,
  options: Partial<DataPlaneOptions> = {},
) {
  const engine = testEngine(program);
  const plane = await dataPlaneOver(engine, { id: testId, settleMs: 0, ...options });
  const outcome = await plane.startRevision(revisionSpec('', spec));
  return { plane, engine, outcome, [Symbol.asyncDispose]: plane.close };
}

describe('the containers of an instance', () => {
  test('start in the order of what they depend on, and end together', async () => {
    const port = await freePort();
    const story: string[] = [];
    const startupProbe = { kind: 'tcp', port } as const;
    await using at = await starting(pod(port, story), {
      dependsOn: ['proxy'],
      sidecars: [sidecar({ startupProbe })],
    });

    const started = [...story];
    await at.plane.close();

    expect(at.outcome).toEqual({ kind: 'ready' });
    expect(started).toEqual(['proxy starts', 'web starts']);
    expect(story.slice(2).sort()).toEqual(['proxy ends', 'web ends']);
  });

  test('get their own values, what Cloud Run sets for all of them, and a port only where requests go', async () => {
    const port = await freePort();
    await using at = await starting(pod(port), {
      env: { A: 'web' },
      sidecars: [sidecar({ env: { A: 'proxy' } })],
    });

    const [web, proxy] = at.engine.launches.toSorted((a, b) => a.id.length - b.id.length);

    expect(proxy?.container.env).toEqual({
      A: 'proxy',
      K_SERVICE: 'web',
      K_REVISION: 'web-1',
      K_CONFIGURATION: 'web',
    });
    expect(web?.container.env).toMatchObject({ A: 'web', PORT: String(web?.port) });
  });

  test('share the folders that they name', async () => {
    await using at = await starting(pod(await freePort()), {
      folders: { '/data': 'scratch' },
      sidecars: [sidecar({ folders: { '/in': 'scratch' } })],
    });

    const mounts = at.engine.launches.map((launch) => launch.mounts);

    expect(mounts).toEqual(
      expect.arrayContaining([{ '/data': '/shared/scratch' }, { '/in': '/shared/scratch' }]),
    );
  });

  test('are named in the log', async () => {
    const port = await freePort();
    await using at = await starting(pod(port), {
      sidecars: [sidecar({ startupProbe: { kind: 'tcp', port } })],
    });

    const lines = at.plane.logs({ revision: name });

    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          text: `STARTUP TCP probe succeeded after 1 attempt for container "proxy" on port ${port}.`,
          container: 'proxy',
        }),
        expect.objectContaining({
          text: 'Default STARTUP TCP probe succeeded after 1 attempt for container "web-1" on port 8080.',
          container: 'web-1',
        }),
      ]),
    );
  });
});

describe('an instance fails', () => {
  test('when a container beside it does not pass its startup probe', async () => {
    const story: string[] = [];
    const startupProbe = {
      kind: 'tcp',
      port: await freePort(),
      periodSeconds: 0.1,
      failureThreshold: 2,
    } as const;
    await using at = await starting(pod(await freePort(), story), {
      dependsOn: ['proxy'],
      sidecars: [sidecar({ startupProbe })],
    });

    expect(at.outcome).toMatchObject({
      kind: 'failed',
      reason: 'HEALTH_CHECK_CONTAINER_ERROR',
      message: expect.stringMatching(
        /^The user-provided container failed the configured startup probe checks\. /,
      ),
    });
    expect(story).toEqual(['proxy starts', 'proxy ends']);
  });

  test('when one of them ends, and another one takes its place', async () => {
    await using at = await serving(pod(await freePort()), {
      spec: { minInstances: 1, sidecars: [sidecar()] },
    });
    const first = at.engine.launches.findIndex(({ id }) => id.endsWith('proxy'));

    at.engine.kill(first);
    const answer = await (await fetch(at.url)).text();

    expect(answer).toBe('web');
    expect(at.engine.launches).toHaveLength(4);
    expect(at.plane.logs({ revision: name })).toContainEqual(
      expect.objectContaining({ text: 'Container called exit(1).', container: 'proxy' }),
    );
  });

  test('when one ends before all are up', async () => {
    const port = await freePort();
    const engine = testEngine(pod(port));
    await using plane = Object.assign(await dataPlaneOver(engine, { id: testId, settleMs: 60_000 }), {
      [Symbol.asyncDispose]: () => plane.close(),
    });

    const outcome = plane.startRevision(
      revisionSpec('', { healthCheckDisabled: true, sidecars: [sidecar()] }),
    );
    await launched(engine.launches, 2);
    engine.kill(engine.launches.findIndex(({ id }) => id.endsWith('proxy')));

    expect(await outcome).toEqual({
      kind: 'failed',
      reason: 'HEALTH_CHECK_CONTAINER_ERROR',
      message: 'Application failed to start: Container called exit(1).',
    });
  });

  test('at once when the port of one is taken, as its probe would hear somebody else', async () => {
    const taken = await listening(createServer(), 0);
    const { port } = taken.address() as { readonly port: number };

    await using at = await starting(pod(port), {
      sidecars: [sidecar({ startupProbe: { kind: 'tcp', port } })],
    });
    taken.close();

    expect(at.outcome).toMatchObject({
      kind: 'failed',
      message: `Application failed to start: container "proxy" is to answer on port ${port}, which is taken on this machine; containers share its network here, so that one instance with this container runs at a time`,
    });
  });
});

async function launched(launches: readonly Launch[], count: number): Promise<void> {
  while (launches.length < count) await new Promise((resolve) => setImmediate(resolve));
}

test('a revision with a fixed port beside it has one instance, and says so', async () => {
  const port = await freePort();
  await using at = await serving(pod(port), {
    spec: {
      concurrency: 1,
      minInstances: 3,
      sidecars: [sidecar({ startupProbe: { kind: 'tcp', port } })],
    },
  });

  await Promise.all(Array.from({ length: 5 }, async () => (await fetch(at.url)).text()));

  expect(at.engine.launches).toHaveLength(2);
  expect(at.plane.logs({ revision: name })[0]?.text).toBe(
    `Container "proxy" answers on port ${port}, and containers share the network of this machine here: the revision gets one instance, not up to 10.`,
  );
});

describe('a task with several containers', () => {
  /** Each container ends with the code of its variable, or runs until it is ended. */
  const program = `
    const { CODE, AFTER = '0' } = process.env;
    if (CODE === undefined) setInterval(() => {}, 1000);
    else setTimeout(() => process.exit(Number(CODE)), Number(AFTER));
  `;

  async function ran(task: (image: string) => Partial<TaskSpec>) {
    await using at = await bench();
    const image = await at.program(program);
    const outcome = await at.plane.runTask(taskSpec(image, task(image)));
    return { outcome, lines: at.plane.logs({ execution }) };
  }

  test('ends with its own, however long the others would run', async () => {
    const { outcome, lines } = await ran((image) => ({
      env: { CODE: '0' },
      containerName: 'main',
      sidecars: [sidecar({ image })],
    }));

    expect(outcome).toEqual({ kind: 'exited', exitCode: 0, message: 'Container called exit(0).' });
    expect(lines).toContainEqual(
      expect.objectContaining({ text: 'Container called exit(0).', container: 'main' }),
    );
  });

  test('fails with the first of the others that fails', async () => {
    const { outcome } = await ran((image) => ({
      containerName: 'main',
      sidecars: [sidecar({ image, env: { CODE: '3' } })],
    }));

    expect(outcome).toEqual({ kind: 'exited', exitCode: 3, message: 'Container called exit(3).' });
  });

  test('goes on when another has done its work', async () => {
    const { outcome } = await ran((image) => ({
      env: { CODE: '7', AFTER: '500' },
      containerName: 'main',
      sidecars: [sidecar({ image, env: { CODE: '0' } })],
    }));

    expect(outcome).toMatchObject({ kind: 'exited', exitCode: 7 });
  });

  test('is cancelled with all of them', async () => {
    await using at = await bench();
    const image = await at.program(program);

    const running = at.plane.runTask(taskSpec(image, { sidecars: [sidecar({ image })] }));
    await at.plane.cancelTask(taskSpec('').id);

    expect(await running).toEqual({ kind: 'cancelled', message: 'The task was cancelled.' });
  });
});

test('processes of one instance reach each other over a folder and loopback', async () => {
  await using at = await bench();
  const port = await freePort();
  const image = await at.program(`
    import { createServer, get } from 'node:http';
    import { readFileSync, writeFileSync } from 'node:fs';
    const [, , file] = process.argv;
    if (process.env.PORT === undefined) {
      writeFileSync(file, 'from the proxy');
      createServer((request, response) => response.end('proxied')).listen(Number(process.env.MINE), '127.0.0.1');
    } else {
      createServer((request, response) => {
        get('http://127.0.0.1:' + process.env.PROXY, (asked) => {
          asked.on('data', (said) => response.end(said + ', ' + readFileSync(file, 'utf8')));
        });
      }).listen(Number(process.env.PORT), '127.0.0.1');
    }
  `);
  const spec = revisionSpec(image, {
    args: ['/data/note'],
    env: { PROXY: String(port) },
    folders: { '/data': 'scratch' },
    dependsOn: ['proxy'],
    sidecars: [
      sidecar({
        image,
        args: ['/shared/note'],
        env: { MINE: String(port) },
        folders: { '/shared/': 'scratch' },
        startupProbe: { kind: 'tcp', port, periodSeconds: 1 },
      }),
    ],
  });

  const outcome = await at.plane.startRevision(spec);
  const { url } = await at.plane.setRoutes(service, {
    targets: [{ revision: 'web-1', percent: 100 }],
    tags: [],
  });

  expect(outcome).toEqual({ kind: 'ready' });
  expect(await (await fetch(url)).text()).toBe('proxied, from the proxy');
});
