import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { recordingContext, systemClock } from '@fairlead/action-kit';
import { cloudRun, type CloudRun } from '@fairlead/cloud-run';
import { type LocalCloud, startLocalCloud } from '@fairlead/local-cloud';
import { describe, expect, test } from '@jest/globals';

import { runMigration } from './run-migration.ts';

const IMAGE = `registry.example/journal@sha256:${'a'.repeat(64)}`;
const NEXT_IMAGE = `registry.example/journal@sha256:${'b'.repeat(64)}`;
const INDEX = 'application/vnd.oci.image.index.v1+json';
const JOB = { project: 'acme', region: 'us-central1', job: 'migrate-journal' };

type Inputs = Readonly<Record<string, string>>;

const plain: Inputs = {
  ...JOB,
  image: IMAGE,
  command: 'alembic',
  args: 'upgrade,head',
};

/** A local cloud and the action against it. */
async function bench() {
  const cloud = await startLocalCloud({ containers: 'none', secrets: { 'database-url': 'postgres://db' } });
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-migration-'));
  const env = {
    CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: cloud.url,
    GITHUB_WORKSPACE: folder,
    HOME: folder,
    GITHUB_REF: 'refs/heads/main',
    GITHUB_SHA: '1a2b3c4'.padEnd(40, '0'),
  };
  const contextFor = (inputs: Inputs) => recordingContext({ inputs, env, clock: systemClock });
  return {
    cloud,
    folder,
    contextFor,
    live: cloudRun(contextFor({})),
    run: async (inputs: Inputs) => {
      const context = contextFor(inputs);
      await runMigration(context);
      return context;
    },
    [Symbol.asyncDispose]: async () => {
      rmSync(folder, { recursive: true });
      await cloud.close();
    },
  };
}

async function executionNames(live: CloudRun): Promise<readonly string[]> {
  return (await live.listExecutions(JOB)).map(({ name }) => name);
}

const writes = (cloud: LocalCloud) =>
  cloud.calls().filter(({ method, path }) => method !== 'GET' && !path.endsWith(':wait')).length;

const taskFails = (times = 1) =>
  ({ match: { service: 'migrate-' }, effect: 'task-fails', exitCode: 3, times }) as const;

describe('a migration', () => {
  test('runs the job at the release’s digest with one attempt, and tells the execution (MG-05, X-03, X-06)', async () => {
    await using t = await bench();

    const context = await t.run(plain);

    const job = await t.live.getJob(JOB);
    expect(job?.template).toMatchObject({
      taskCount: 1,
      template: {
        timeout: '600s',
        containers: [{ image: IMAGE, command: ['alembic'], args: ['upgrade', 'head'] }],
      },
    });
    expect(job?.template.template?.maxRetries ?? 0).toBe(0);
    expect(context.outputs).toEqual({
      executions: [
        {
          units: [],
          job: 'migrate-journal',
          execution: (await executionNames(t.live))[0],
          attempt: 1,
          result: 'ran',
          image: IMAGE,
        },
      ],
      ran: true,
    });
    expect(context.renderedSummary()).toContain('gcloud run jobs execute migrate-journal');
  });

  test('that ran to its end is not run again (MG-09)', async () => {
    await using t = await bench();
    await t.run(plain);
    const before = writes(t.cloud);

    const context = await t.run(plain);

    expect(context.outputs).toMatchObject({ ran: false, executions: [{ result: 'noop', attempt: 1 }] });
    expect(await executionNames(t.live)).toHaveLength(1);
    expect(writes(t.cloud)).toBe(before);
  });

  test('of the next image is another execution of the same job', async () => {
    await using t = await bench();
    await t.run(plain);

    await t.run({ ...plain, image: NEXT_IMAGE });

    expect(await executionNames(t.live)).toHaveLength(2);
    expect((await t.live.getJob(JOB))?.template.template?.containers?.[0]?.image).toBe(NEXT_IMAGE);
  });

  test('that is under way is waited for, not started again', async () => {
    await using t = await bench();
    t.cloud.addFaults({ match: { service: 'migrate-' }, effect: 'task-hangs' });
    await expect(t.run({ ...plain, timeout: '1s' })).rejects.toThrow('did not run to their end');
    const [execution = ''] = await executionNames(t.live);

    const second = t.run(plain);
    await t.live.cancelExecution(JOB, execution);

    await expect(second).rejects.toThrow('1 of 1 migration did not run to their end: migrate-journal');
    expect(await executionNames(t.live)).toEqual([execution]);
  });

  test('of a tag runs the digest that the tag stands for', async () => {
    await using t = await bench();
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [] });
    const pushed = await fetch(`http://${t.cloud.registry}/v2/acme/journal/manifests/main-1a2b3c4`, {
      method: 'PUT',
      headers: { 'content-type': INDEX },
      body: manifest,
    });

    const { outputs } = await t.run({ ...plain, image: `${t.cloud.registry}/acme/journal:main-1a2b3c4` });

    const digest = pushed.headers.get('docker-content-digest') ?? 'none';
    expect(outputs).toMatchObject({ executions: [{ image: `${t.cloud.registry}/acme/journal@${digest}` }] });
  });

  test('keeps what is set on the job by others', async () => {
    await using t = await bench();
    await t.run({ ...plain, env: 'MODE=slow', secrets: 'DATABASE_URL=database-url:1' });

    await t.run({ ...plain, image: NEXT_IMAGE });

    expect((await t.live.getJob(JOB))?.template.template?.containers?.[0]?.env).toEqual([
      { name: 'DATABASE_URL', valueSource: { secretKeyRef: { secret: 'database-url', version: '1' } } },
      { name: 'MODE', value: 'slow' },
    ]);
  });
});

describe('a lost reply', () => {
  test.each(['drop-reply', 'apply-then-503', 'fail-before'] as const)(
    'to the write that starts it ("%s") ends with one execution, and green',
    async (effect) => {
      await using t = await bench();
      t.cloud.addFaults({ match: { method: 'POST', path: '/jobs\\?jobId=' }, effect });

      const context = await t.run(plain);

      expect(context.outputs).toMatchObject({ ran: true });
      expect(await executionNames(t.live)).toHaveLength(1);
    },
  );

  test.each(['drop-reply', 'apply-then-503', 'fail-before'] as const)(
    'to the update of a job that is there ("%s") ends with one execution more, and green',
    async (effect) => {
      await using t = await bench();
      await t.run(plain);
      t.cloud.addFaults({ match: { method: 'PATCH' }, effect });

      const context = await t.run({ ...plain, image: NEXT_IMAGE });

      expect(context.outputs).toMatchObject({ executions: [{ result: 'ran' }] });
      expect(await executionNames(t.live)).toHaveLength(2);
    },
  );

  test('to the wait is answered by reading the execution', async () => {
    await using t = await bench();
    t.cloud.addFaults({ match: { path: ':wait' }, effect: 'status', status: 503, times: 10 });

    const context = recordingContext({
      inputs: plain,
      env: { CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: t.cloud.url },
    });

    await runMigration(context);

    expect(context.outputs).toMatchObject({ executions: [{ result: 'ran' }] });
  });
});

describe('a migration that fails', () => {
  test('is red with exit code, execution and the way out (MG-06, MG-07)', async () => {
    await using t = await bench();
    t.cloud.addFaults(taskFails());
    const context = t.contextFor(plain);

    await expect(runMigration(context)).rejects.toThrow(
      '1 of 1 migration did not run to their end: migrate-journal',
    );

    const [execution = ''] = await executionNames(t.live);
    const said = context.logged.filter(({ level }) => level === 'error').map(({ message }) => message);
    expect(said).toEqual([
      expect.stringMatching(`^job migrate-journal: ${execution} ended as failed \\(exit code 3: `),
    ]);
    expect(said[0]).toContain('run this step again with input "rerun-failed" set to "true"');
    expect(said[0]).toContain(`labels."run.googleapis.com/execution_name"="${execution}"`);
    expect(context.outputs).toEqual({ executions: [], ran: false });
  });

  test('is not run again by a re-run', async () => {
    await using t = await bench();
    t.cloud.addFaults(taskFails());
    await expect(t.run(plain)).rejects.toThrow();
    const before = writes(t.cloud);
    const context = t.contextFor(plain);

    await expect(runMigration(context)).rejects.toThrow('did not run to their end');

    expect(context.logged.at(-1)?.message).toContain(
      'attempt 1 of this very migration ended as failed (exit code 3',
    );
    expect(await executionNames(t.live)).toHaveLength(1);
    expect(writes(t.cloud)).toBe(before);
  });

  test('runs as attempt 2 on a word, and a re-run of that is nothing', async () => {
    await using t = await bench();
    t.cloud.addFaults(taskFails());
    await expect(t.run(plain)).rejects.toThrow();

    const context = await t.run({ ...plain, 'rerun-failed': 'true' });
    const again = await t.run({ ...plain, 'rerun-failed': 'true' });

    expect(context.outputs).toMatchObject({ executions: [{ attempt: 2, result: 'ran' }] });
    expect(again.outputs).toMatchObject({ executions: [{ attempt: 2, result: 'noop' }] });
  });

  test('for want of a secret says so', async () => {
    await using t = await bench();
    const context = t.contextFor({ ...plain, secrets: 'DATABASE_URL=nowhere:1' });

    await expect(runMigration(context)).rejects.toThrow('did not run to their end');

    expect(context.logged.at(-1)?.message).toContain('nowhere');
  });
});

describe('with the manifest', () => {
  const manifest = (extra = '') => `
project: acme
region: us-central1
registry: registry.example
environments: { production: { branches: main, suffix: -auto } }
units:
  agent:
    kind: service
    paths: agent/**
    run:
      env: { MODE: fast, DATABASE_URL: none }
      secret-files: { /secrets/database/url: 'database-url:1' }
      service-account: migrator@acme.iam.gserviceaccount.com
      vpc: { connector: main, egress: private-ranges-only }
    migration: { job: migrate-main, command: [alembic, upgrade, head], secrets: { DATABASE_URL: 'database-url:1' } }
  journal:
    kind: service
    paths: journal/**
    migration: { command: [alembic, upgrade, head] }
  web: { kind: web, paths: web/** }
${extra}`;
  const images = JSON.stringify({ agent: IMAGE, journal: IMAGE });

  async function withManifest(text: string) {
    const t = await bench();
    writeFileSync(join(t.folder, 'fairlead.yaml'), text);
    return t;
  }

  test('each unit with a migration has its job run, by the names of the environment', async () => {
    await using t = await withManifest(manifest());

    const context = await t.run({ images });

    expect(context.outputs).toMatchObject({
      executions: [
        { units: ['agent'], job: 'migrate-main-auto', result: 'ran' },
        { units: ['journal'], job: 'migrate-journal-auto', result: 'ran' },
      ],
    });
  });

  test('the job has the unit’s account, network and secrets, and no secret as plain text (MG-10, MG-11, MG-12)', async () => {
    await using t = await withManifest(manifest());

    await t.run({ images });

    const job = await t.live.getJob({ ...JOB, job: 'migrate-main-auto' });
    expect(job?.template.template).toMatchObject({
      serviceAccount: 'migrator@acme.iam.gserviceaccount.com',
      vpcAccess: { connector: 'main', egress: 'PRIVATE_RANGES_ONLY' },
      volumes: [{ secret: { secret: 'database-url', items: [{ path: 'url', version: '1' }] } }],
      containers: [
        {
          env: [
            { name: 'DATABASE_URL', valueSource: { secretKeyRef: { secret: 'database-url', version: '1' } } },
            { name: 'MODE', value: 'fast' },
          ],
          volumeMounts: [{ mountPath: '/secrets/database' }],
        },
      ],
    });
  });

  test('units without a migration are nothing to do', async () => {
    await using t = await withManifest(manifest());

    const context = await t.run({ units: 'web' });

    expect(context.outputs).toEqual({ executions: [], ran: false });
    expect(writes(t.cloud)).toBe(0);
  });

  test.each([
    [{ images: '{"agent":1}' }, 'input "images" must map to text, got 1 at "agent"'],
    [
      { images: JSON.stringify({ agnet: IMAGE }) },
      'input "images" names unit "agnet", which is not migrated here; expected agent, journal, web',
    ],
    [{ units: 'agnet' }, 'did you mean "agent"?'],
    [{ tag: 'no tag' }, 'input "tag": "no tag" is no image tag'],
  ])('%j is refused and writes nothing', async (inputs, message) => {
    await using t = await withManifest(manifest());

    await expect(t.run(inputs)).rejects.toThrow(message);

    expect(writes(t.cloud)).toBe(0);
  });

  test('a timeout above 10 minutes is refused (MG-13)', async () => {
    const other = `  habits: { kind: service, paths: h/**, migration: { command: [python], timeout: 11m } }\n`;
    await using t = await withManifest(manifest(other));

    await expect(t.run({ images })).rejects.toThrow(
      'unit "habits": the migration\'s timeout must be at most 600 s, got 660 s',
    );

    expect(writes(t.cloud)).toBe(0);
  });
});

describe('bad input writes nothing', () => {
  test.each([
    [{ command: '' }, 'input "command" is required with "job" and is empty'],
    [{ 'task-timeout': '20m' }, 'input "task-timeout" must be from 1s to 10m, got "20m"'],
    [{ 'rerun-failed': 'yes' }, 'input "rerun-failed" must be "true" or "false", got "yes"'],
    [{ project: '' }, 'input "project" is required and is empty'],
    [{ parallel: '0' }, 'input "parallel" must be a whole number from 1 to 20, got "0"'],
  ])('%j', async (change, message) => {
    await using t = await bench();

    await expect(t.run({ ...plain, ...change })).rejects.toThrow(message);

    expect(writes(t.cloud)).toBe(0);
  });

  test('a job name that leaves no room for the execution’s name', async () => {
    await using t = await bench();
    const context = t.contextFor({ ...plain, job: 'j'.repeat(60) });

    await expect(runMigration(context)).rejects.toThrow('did not run to their end');

    expect(context.logged.at(-1)?.message).toContain('at most 49 leave room');
    expect(writes(t.cloud)).toBe(0);
  });

  test('an image that does not exist', async () => {
    await using t = await bench();
    const context = t.contextFor({ ...plain, image: `${t.cloud.registry}/acme/journal:main-1a2b3c4` });

    await expect(runMigration(context)).rejects.toThrow('did not run to their end');

    expect(context.logged.at(-1)?.message).toContain('does not exist; build it first');
    expect(writes(t.cloud)).toBe(0);
  });

  test('a registry that nobody listens on', async () => {
    await using t = await bench();
    const context = recordingContext({
      inputs: { ...plain, image: '127.0.0.1:9/acme/journal:main-1a2b3c4' },
      env: { CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: t.cloud.url, HOME: t.folder },
    });

    await expect(runMigration(context)).rejects.toThrow('did not run to their end');

    expect(context.logged.at(-1)?.message).toContain('registry 127.0.0.1:9 cannot be reached');
    expect(writes(t.cloud)).toBe(0);
  });

  test('an image name that is none', async () => {
    await using t = await bench();
    const context = t.contextFor({ ...plain, image: 'registry.example/Journal:x' });

    await expect(runMigration(context)).rejects.toThrow('did not run to their end');

    expect(context.logged.at(-1)?.message).toContain('"registry.example/Journal:x" is no image name');
    expect(writes(t.cloud)).toBe(0);
  });

  test.each([
    [403, 'answered 403'],
    [409, 'answered 409'],
    [429, 'answered 429'],
    [500, 'answered 500'],
  ])('an API that keeps answering %i to the write', async (status, message) => {
    await using t = await bench();
    t.cloud.addFaults({ match: { method: 'POST', path: '/jobs' }, effect: 'status', status, times: 50 });
    const context = recordingContext({
      inputs: plain,
      env: { CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: t.cloud.url },
    });

    await expect(runMigration(context)).rejects.toThrow('did not run to their end');

    expect(context.logged.at(-1)?.message).toContain(message);
    expect(await t.live.getJob(JOB)).toBeUndefined();
  });
});
