import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { poll, systemClock } from '@fairlead/action-kit';
import { describe, expect, test } from '@jest/globals';

import type { Containers } from './create-data-plane.ts';
import { engineAnswers } from './data/index.ts';
import { nodeTar } from './data/test-node-layer.ts';
import { testRegistry } from './data/test-registry.ts';
import { type Answer, type TestCloud, testCloud } from './test-client.ts';

const hasEngine = await engineAnswers();
const nodeLayer = hasEngine ? await nodeTar() : Buffer.alloc(0);
const modes: readonly (readonly [string, Containers, typeof describe.skip])[] = [
  ['as processes', 'process', describe],
  hasEngine
    ? ['in Docker', 'docker', describe]
    : ['in Docker (skipped: no engine answers; start one or set DOCKER_HOST)', 'docker', describe.skip],
];

interface Bench extends TestCloud {
  /** An image whose `/app/main.mjs` is this program. */
  readonly program: (source: string) => Promise<string>;
  /** Lines of an execution, or of a revision, by its path below the location. */
  readonly lines: (kind: 'execution' | 'revision', path: string) => Promise<readonly string[]>;
}

async function bench(containers: Containers): Promise<Bench> {
  const registry = await testRegistry();
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-cloud-'));
  const t = await testCloud({ containers, folder });
  return {
    ...t,
    program: (source) =>
      registry.add('web', {
        layers: [...(containers === 'docker' ? [nodeLayer] : []), { 'app/main.mjs': source }],
        config: { Entrypoint: ['/usr/local/bin/node', '/app/main.mjs'], WorkingDir: '/app' },
      }),
    lines: async (kind, path) => {
      const name = `projects/p/locations/r/${path}`;
      const { lines } = (await (await fetch(`${t.cloud.url}/-/logs?${kind}=${name}`)).json()) as {
        readonly lines: readonly { readonly text: string }[];
      };
      return lines.map(({ text }) => text);
    },
    [Symbol.asyncDispose]: async () => {
      await t[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

// The first process of a container is not ended by a signal that it does not listen to.
const endsWhenAsked = `process.on('SIGTERM', () => process.exit(0));`;

const server = `
  import { createServer } from 'node:http';
  ${endsWhenAsked}
  const held = [];
  createServer((request, response) => {
    if (request.url === '/grow') setInterval(() => held.push(Buffer.alloc(2e7, 1)), 10);
    else response.end(process.env.K_REVISION);
  }).listen(process.env.PORT);
`;

async function untilLine(t: Bench, execution: string, wanted: string): Promise<void> {
  await poll(
    async () =>
      (await t.lines('execution', execution)).includes(wanted)
        ? { kind: 'done', value: wanted }
        : { kind: 'again' },
    { clock: systemClock, intervalMs: 50, deadlineMs: 10_000 },
  );
}

const quickProbe = { tcpSocket: { port: 8080 }, periodSeconds: 1, failureThreshold: 1 };

function revision(image: string, name: string, container: object = {}) {
  return { template: { revision: name, containers: [{ image, ...container }] } };
}

/** The service `web` with the revision `web-1` of the good server. */
async function serving(t: Bench): Promise<string> {
  const image = await t.program(server);
  const created = await t.write('POST', 'services?serviceId=web', revision(image, 'web-1'));
  return created.body.response?.uri ?? '';
}

const didNotListen =
  "Revision 'web-2' is not ready and cannot serve traffic. The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated timeout.";

describe.each([...modes])('containers %s', (_name, mode, describeMode) => {
  describeMode('a revision', () => {
    test.each<[string, string, object, string]>([
      ['ends at once', 'process.exit(3)', {}, 'Container called exit(3).'],
      [
        'listens on a port of its own choice',
        `${endsWhenAsked} (await import('node:http')).createServer().listen(0)`,
        { startupProbe: quickProbe },
        'Nothing listens on port',
      ],
      [
        'starts more slowly than its probe allows',
        `${endsWhenAsked} import { createServer } from 'node:http'; setTimeout(() => createServer().listen(process.env.PORT), 20_000)`,
        { startupProbe: quickProbe },
        'Nothing listens on port',
      ],
      [
        'takes more memory than it may',
        'const held = []; setInterval(() => held.push(Buffer.alloc(2e7, 1)), 10)',
        { resources: { limits: { memory: '128Mi' } } },
        'Memory limit of 128 MiB exceeded with',
      ],
    ])('that %s fails, and the one before it keeps serving', async (_case, source, container, because) => {
      await using t = await bench(mode);
      const uri = await serving(t);

      const failed = await t.write(
        'PATCH',
        'services/web',
        revision(await t.program(source), 'web-2', container),
      );

      expect(failed.body.error).toMatchObject({ code: 9, message: expect.stringContaining(didNotListen) });
      expect(failed.body.error?.message).toContain(because);
      expect(await (await fetch(uri)).text()).toBe('web-1');
      expect((await t.call('GET', 'services/web')).body).toMatchObject({
        latestReadyRevision: expect.stringMatching(/web-1$/),
        latestCreatedRevision: expect.stringMatching(/web-2$/),
        terminalCondition: { state: 'CONDITION_FAILED' },
      });
    });

    test('that runs out of memory as it serves is started again, and the log says why', async () => {
      await using t = await bench(mode);
      const image = await t.program(server);
      const small = { resources: { limits: { memory: '256Mi' } } };
      const created = await t.write('POST', 'services?serviceId=web', revision(image, 'web-1', small));
      const uri = created.body.response?.uri ?? '';

      const grown = await fetch(`${uri}/grow`, { method: 'POST' });
      const after = await fetch(uri);

      expect([grown.status, after.status]).toEqual([503, 200]);
      expect(await t.lines('revision', 'services/web/revisions/web-1')).toContainEqual(
        expect.stringMatching(
          /^Memory limit of 256 MiB exceeded with \d+ MiB used\. Consider increasing the memory limit, see https:\/\/cloud\.google\.com\/run\/docs\/configuring\/memory-limits$/,
        ),
      );
    });
  });

  describeMode('a job', () => {
    const executionOf = (run: Answer) => run.body.response?.name?.split('/').slice(4).join('/') ?? '';

    async function job(t: Bench, source: string, template: object = {}, execution: object = {}) {
      const container = { image: await t.program(source) };
      await t.write('POST', 'jobs?jobId=migrate', {
        template: { ...execution, template: { maxRetries: 0, containers: [container], ...template } },
      });
    }

    test('runs each of its tasks with the arguments, variables and counts of the run', async () => {
      await using t = await bench(mode);
      await job(
        t,
        'console.log(process.argv[2], process.env.GREETING, process.env.CLOUD_RUN_TASK_INDEX, process.env.CLOUD_RUN_TASK_COUNT)',
      );

      const run = await t.write('POST', 'jobs/migrate:run', {
        overrides: {
          taskCount: 3,
          containerOverrides: [{ args: ['up'], env: [{ name: 'GREETING', value: 'hello' }] }],
        },
      });

      expect(run.body.response).toMatchObject({ succeededCount: 3, taskCount: 3 });
      expect(await t.lines('execution', executionOf(run))).toEqual(
        expect.arrayContaining(['up hello 0 3', 'up hello 1 3', 'up hello 2 3']),
      );
    });

    test('runs no more of its tasks at once than it says', async () => {
      await using t = await bench(mode);
      await job(
        t,
        `console.log('begin', process.env.CLOUD_RUN_TASK_INDEX);
         setTimeout(() => console.log('end', process.env.CLOUD_RUN_TASK_INDEX), 100)`,
        {},
        { taskCount: 3, parallelism: 1 },
      );

      const run = await t.write('POST', 'jobs/migrate:run', {});
      const lines = await t.lines('execution', executionOf(run));

      expect(lines.filter((line) => /^(begin|end)/.test(line))).toEqual(
        [0, 1, 2].flatMap((index) => [`begin ${index}`, `end ${index}`]),
      );
    });

    test('tries a task again as often as it says, and tells it which attempt it is', async () => {
      await using t = await bench(mode);
      await job(
        t,
        `console.log('attempt', process.env.CLOUD_RUN_TASK_ATTEMPT);
         process.exitCode = process.env.CLOUD_RUN_TASK_ATTEMPT === '2' ? 0 : 1`,
        { maxRetries: 2 },
      );

      const run = await t.write('POST', 'jobs/migrate:run', {});

      expect(run.body.response).toMatchObject({ succeededCount: 1, retriedCount: 1 });
      expect(await t.lines('execution', executionOf(run))).toEqual(
        expect.arrayContaining(['attempt 0', 'attempt 1', 'attempt 2']),
      );
    });

    test.each<[string, string, object, object]>([
      ['ends with a code', 'process.exit(7)', {}, { exitCode: 7 }],
      ['is ended by a signal', 'process.abort()', {}, {}],
      ['takes longer than it may', `${endsWhenAsked} setInterval(() => {}, 1_000)`, { timeout: '1s' }, {}],
    ])('that %s has failed, and its task says how', async (_case, source, template, result) => {
      await using t = await bench(mode);
      await job(t, source, template);

      const run = await t.write('POST', 'jobs/migrate:run', {});
      const name = run.body.metadata?.name?.split('/').slice(4).join('/') ?? '';
      const tasks = await t.call('GET', `${name}/tasks`);

      expect(run.body.error).toMatchObject({ code: 9 });
      expect(tasks.body.tasks).toMatchObject([{ lastAttemptResult: result }]);
    });

    test('that is cancelled ends its container, after its last words', async () => {
      await using t = await bench(mode);
      await job(
        t,
        `setInterval(() => {}, 1_000);
         process.on('SIGTERM', () => { console.log('cleaned up'); process.exit(0); });
         console.log('working')`,
      );
      const run = await t.call('POST', 'jobs/migrate:run', {});
      const name = run.body.metadata?.name?.split('/').slice(4).join('/') ?? '';
      await untilLine(t, name, 'working');

      const cancelled = await t.write('POST', `${name}:cancel`, {});

      expect(cancelled.body.response).toMatchObject({ cancelledCount: 1 });
      expect(await t.lines('execution', name)).toContain('cleaned up');
    });
  });
});
