import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import type { DataPlane } from '../../data-plane.ts';
import { type Bench, bench, testId } from '../test-bench.ts';
import type { LayerFiles } from '../test-image.ts';
import { execution, revisionSpec, service, taskSpec } from '../test-specs.ts';

const id = testId;
const revision = revisionSpec('').name;
const allToFirst = { targets: [{ revision: 'web-1', percent: 100 }], tags: [] };

function textsOf(plane: DataPlane): string[] {
  return plane.logs({ revision }).map(({ text }) => text);
}

/** The ids of all processes that a local cloud of this id has started. */
function marked(cloud: string): string[] {
  return readdirSync('/proc').filter((pid) => environmentOf(pid).includes(`FAIRLEAD_LOCAL_CLOUD=${cloud}\0`));
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    // No process, one that has ended, or one that is not ours.
    return '';
  }
}

// Processes are found by their environment only where /proc tells it.
const onLinux = process.platform === 'linux' ? test : test.skip;

const tellsEnvironment = `
  import { createServer } from 'node:http';
  createServer((request, response) => response.end(JSON.stringify(process.env))).listen(process.env.PORT, '127.0.0.1');
`;

describe('a service', () => {
  test('runs with what Cloud Run tells its container, and with its own values', async () => {
    await using at = await bench();
    const image = await at.program(tellsEnvironment);

    const outcome = await at.plane.startRevision(revisionSpec(image, { env: { GREETING: 'hello' } }));
    const { url } = await at.plane.setRoutes(service, allToFirst);
    const environment: unknown = await (await fetch(url)).json();

    expect(outcome).toEqual({ kind: 'ready' });
    expect(environment).toMatchObject({
      K_SERVICE: 'web',
      K_REVISION: 'web-1',
      K_CONFIGURATION: 'web',
      PORT: expect.stringMatching(/^\d+$/),
      GREETING: 'hello',
      FROM_IMAGE: 'yes',
    });
  });

  test.each([
    { what: 'on loopback alone', env: {}, host: '127.0.0.1' },
    { what: 'where its own values say', env: { HOST: '::1' }, host: '::1' },
  ])('is told to listen $what, whatever its image says', async ({ env, host }) => {
    await using at = await bench();
    const image = await at.registry.add('web', {
      layers: [{ 'app/main.mjs': tellsEnvironment }],
      config: { Entrypoint: ['/usr/local/bin/node', '/app/main.mjs'], Env: ['HOST=0.0.0.0'] },
    });

    await at.plane.startRevision(revisionSpec(image, { env }));
    const { url } = await at.plane.setRoutes(service, allToFirst);
    const environment: unknown = await (await fetch(url)).json();

    expect(environment).toMatchObject({ HOST: host });
  });

  test('finds its files and its secrets where a variable or an argument names them', async () => {
    await using at = await bench();
    const image = await at.program(
      `
        import { readFileSync } from 'node:fs';
        console.log(readFileSync(process.argv[2], 'utf8'), readFileSync(process.env.PASSWORD_FILE, 'utf8'), process.cwd().endsWith('/app'));
        setInterval(() => {}, 1000);
      `,
      { 'etc/greeting': 'hello' },
    );

    await at.plane.startRevision(
      revisionSpec(image, {
        command: ['node', 'main.mjs'],
        args: ['/etc/greeting'],
        env: { PASSWORD_FILE: '/secrets/password' },
        files: { '/secrets/password': 's3cret' },
        startupProbe: { kind: 'tcp', periodSeconds: 1, failureThreshold: 1 },
      }),
    );

    expect(textsOf(at.plane)).toContain('hello s3cret true');
  });

  test('is unpacked once for every revision of the same image', async () => {
    await using at = await bench();
    const image = await at.program(tellsEnvironment);
    await at.plane.startRevision(revisionSpec(image));
    const before = at.registry.blobReads();

    await at.plane.startRevision(revisionSpec(image, { name: `${service}/revisions/web-2` }));

    // The configuration is read again, the layer is not.
    expect(at.registry.blobReads() - before).toBe(1);
  });

  onLinux('leaves no process behind, not even one that left its group', async () => {
    await using at = await bench({ id: `${id}-left` });
    const image = await at.program(`
      import { spawn } from 'node:child_process';
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' }).unref();
      process.on('SIGTERM', () => {});
      ${tellsEnvironment}
    `);
    await at.plane.startRevision(revisionSpec(image));
    const running = marked(`${id}-left`);

    await at.plane.close();

    expect(running).toHaveLength(2);
    expect(marked(`${id}-left`)).toEqual([]);
    expect(existsSync(join(tmpdir(), `fairlead-cloud-${id}-left`))).toBe(false);
  });

  onLinux('of a killed run is ended by the next run of the same id', async () => {
    await using at = await bench({ id: `${id}-killed` });
    await at.plane.startRevision(revisionSpec(await at.program(tellsEnvironment)));
    const folder = join(tmpdir(), `fairlead-cloud-${id}-killed`);
    const left = readdirSync(folder);

    await using next = await bench({ id: `${id}-killed` });

    expect(next.plane.hostUrl).toMatch(/^http:/);
    expect(marked(`${id}-killed`)).toEqual([]);
    expect([left.length, readdirSync(folder).length]).toEqual([1, 0]);
  });
});

describe('a revision that does not start as it should', () => {
  test('fails at once when it ends at once, and its last words are kept', async () => {
    await using at = await bench();
    const image = await at.program(`console.error('no database'); process.exitCode = 3;`);

    const outcome = await at.plane.startRevision(revisionSpec(image));

    expect(outcome).toMatchObject({
      reason: 'HEALTH_CHECK_CONTAINER_ERROR',
      message: expect.stringMatching(
        /^The user-provided container failed to start and listen on the port defined provided by the PORT=\d+ environment variable within the allocated timeout\. .* Container called exit\(3\)\.$/,
      ),
    });
    expect(textsOf(at.plane).slice(1, 3)).toEqual(['no database', 'Container called exit(3).']);
  });

  onLinux.each([
    ['listens nowhere', 'setInterval(() => {}, 1000)'],
    [
      'listens on a port of its own choice',
      `(await import('node:http')).createServer().listen(0, '127.0.0.1')`,
    ],
  ])('fails and is stopped when it %s', async (_name, source) => {
    await using at = await bench({ id: `${id}-silent` });
    const image = await at.program(source);

    const outcome = await at.plane.startRevision(
      revisionSpec(image, { startupProbe: { kind: 'tcp', periodSeconds: 1, failureThreshold: 1 } }),
    );

    expect(outcome).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(
        /failed to start and listen on the port .* Nothing listens on port \d+\.$/,
      ),
    });
    expect(marked(`${id}-silent`)).toEqual([]);
  });

  test.each([
    ['ends', 'process.exit(1)', 'failed', 60_000],
    ['stays', 'setInterval(() => {}, 1000)', 'ready', 500],
  ])('without a health check is judged by whether it %s', async (_name, source, kind, settleMs) => {
    await using at = await bench({ settleMs });
    const image = await at.program(source);

    const outcome = await at.plane.startRevision(revisionSpec(image, { healthCheckDisabled: true }));

    expect(outcome.kind).toBe(kind);
  });

  test('fails with what its probe was answered', async () => {
    await using at = await bench();
    const image = await at.program(`
      import { createServer } from 'node:http';
      createServer((request, response) => response.writeHead(500).end()).listen(process.env.PORT);
    `);

    const outcome = await at.plane.startRevision(
      revisionSpec(image, {
        startupProbe: { kind: 'http', path: '/ready', periodSeconds: 1, failureThreshold: 1 },
      }),
    );

    expect(outcome).toEqual({
      kind: 'failed',
      reason: 'HEALTH_CHECK_CONTAINER_ERROR',
      message:
        'The user-provided container failed the configured startup probe checks. GET /ready answered 500.',
    });
  });

  test.each([
    [
      'has no image',
      (at: Bench) => `${at.registry.address}/web@sha256:${'0'.repeat(64)}`,
      /^Image '.*' not found\.$/,
    ],
    [
      'has a registry that nobody answers for',
      () => '127.0.0.1:1/web:main',
      /^Container import failed: 127\.0\.0\.1:1: /,
    ],
    [
      'has a name that is no image',
      () => 'Not An Image',
      /^Container import failed: 'Not An Image' is not of the form/,
    ],
  ])('says so when it %s', async (_name, imageOf, message) => {
    await using at = await bench();

    const outcome = await at.plane.startRevision(revisionSpec(imageOf(at)));

    expect(outcome).toEqual({
      kind: 'failed',
      reason: 'CONTAINER_MISSING',
      message: expect.stringMatching(message),
    });
  });

  test('says so when the image has no such program', async () => {
    await using at = await bench();
    const image = await at.program('');

    const outcome = await at.plane.startRevision(revisionSpec(image, { command: ['/bin/serve'] }));

    expect(outcome).toMatchObject({
      message: 'Application failed to start: exec: "/bin/serve": executable file not found in the image',
    });
  });
});

describe('a task', () => {
  test('is told which one it is, and ends with its exit code', async () => {
    await using at = await bench();
    const image = await at.program(`
      const { CLOUD_RUN_JOB: job, CLOUD_RUN_EXECUTION: execution, CLOUD_RUN_TASK_INDEX: index } = process.env;
      console.log(job, execution, index, process.env.CLOUD_RUN_TASK_ATTEMPT, process.env.CLOUD_RUN_TASK_COUNT);
      process.exitCode = 7;
    `);

    const outcome = await at.plane.runTask(taskSpec(image, { taskIndex: 1, attempt: 2, taskCount: 3 }));

    expect(outcome).toEqual({ kind: 'exited', exitCode: 7, message: 'Container called exit(7).' });
    expect(at.plane.logs({ execution }).map(({ text }) => text)).toContain('migrate migrate-abcde 1 2 3');
    expect(at.plane.logs({ task: taskSpec('').id })).toEqual(at.plane.logs({ execution }));
  });

  test('is ended when its time is over', async () => {
    await using at = await bench();
    const image = await at.program('setInterval(() => {}, 1000)');

    const outcome = await at.plane.runTask(taskSpec(image, { timeoutSeconds: 0.3 }));

    expect(outcome).toMatchObject({ kind: 'timed-out' });
  });

  test('is ended when it is cancelled', async () => {
    const started = Promise.withResolvers<undefined>();
    await using at = await bench({
      onLog: (_source, line) => {
        if (line.text === 'working') started.resolve(undefined);
      },
    });
    const image = await at.program(`console.log('working'); setInterval(() => {}, 1000)`);
    const running = at.plane.runTask(taskSpec(image));
    await started.promise;

    await at.plane.cancelTask(taskSpec('').id);

    expect(await running).toEqual({ kind: 'cancelled', message: 'The task was cancelled.' });
  });

  test('killed by a signal says which', async () => {
    await using at = await bench();
    const image = await at.program(`process.kill(process.pid, 'SIGKILL')`);

    const outcome = await at.plane.runTask(taskSpec(image));

    expect(outcome).toMatchObject({ kind: 'signalled', signal: 'SIGKILL' });
  });

  test('whose image is missing has not started', async () => {
    await using at = await bench();

    const outcome = await at.plane.runTask(taskSpec(`${at.registry.address}/web:none`));

    expect(outcome).toMatchObject({ kind: 'not-started', reason: 'CONTAINER_MISSING' });
  });

  test.each([
    ['python by name', ['python3', '/app/main.py']],
    ['a script of Python', ['/app/main.py']],
    ['a script on the PATH', ['main.py']],
    ['a shell that calls python', ['sh', '-c', 'cd .. && python app/main.py']],
  ])('runs %s with the Python of this machine and the packages of the image', async (_name, command) => {
    await using at = await bench();
    const image = await at.registry.add('py', {
      layers: [
        {
          'app/main.py': '#!/usr/local/bin/python3.12\nimport greeting\nprint(greeting.text)\n',
          'packages/greeting.py': 'text = "hello from the image"\n',
        },
      ],
      config: { Env: ['PYTHONPATH=/packages:/nowhere', 'PATH=/app:/usr/bin'], WorkingDir: '/app' },
    });

    await at.plane.runTask(taskSpec(image, { command }));

    expect(at.plane.logs({ execution }).map(({ text }) => text)).toContain('hello from the image');
  });
});

describe('the layers of an image', () => {
  test('are applied one over the other, with what they take away', async () => {
    await using at = await bench();
    const image = await at.registry.add('web', {
      layers: [
        {
          'a/gone': '1',
          'a/kept': '1',
          'b/gone': '1',
          'b/c/gone': '1',
          'usr/lib/x': '1',
          lib: { type: 'symlink', linkname: 'usr/lib' },
        },
        { 'b/.wh..wh..opq': '', 'b/c/new': '2', 'a/.wh.gone': '', 'a/kept': '2', 'lib/y': '2' },
        {
          'app/list.mjs': `import { readdirSync } from 'node:fs'; console.log(readdirSync('..', { recursive: true }).sort().join(' '))`,
        },
      ],
      config: { Cmd: ['node', 'list.mjs'], WorkingDir: '/app' },
    });

    await at.plane.runTask(taskSpec(image));

    expect(at.plane.logs({ execution })[0]?.text).toBe(
      'a a/kept app app/list.mjs b b/c b/c/new lib lib/x lib/y usr usr/lib usr/lib/x usr/lib/y',
    );
  });

  test.each<[string, LayerFiles]>([
    ['an entry that climbs', { '../evil': 'x' }],
    ['an entry that climbs in its middle', { 'a/../../evil': 'x' }],
    ['a link that climbs', { a: { type: 'symlink', linkname: '../../evil' } }],
    ['a hard link that climbs', { a: { type: 'link', linkname: '../../etc/passwd' } }],
    ['a whiteout that climbs', { 'a/.wh...': 'x' }],
    [
      'links that climb together',
      {
        'x/y/file': 'x',
        'x/y/up': { type: 'symlink', linkname: '../..' },
        out: { type: 'symlink', linkname: 'x/y/up/../evil' },
      },
    ],
  ])('are refused with %s', async (_name, files) => {
    await using at = await bench();
    const image = await at.registry.add('web', { layers: [files], config: { Cmd: ['node'] } });

    const outcome = await at.plane.runTask(taskSpec(image));

    expect(outcome).toMatchObject({
      kind: 'not-started',
      message: expect.stringMatching(/^Container import failed: /),
    });
    expect(readdirSync(at.cacheFolder)).toEqual([]);
  });

  test('are written inside the image even through a link to the root', async () => {
    await using at = await bench();
    const image = await at.registry.add('web', {
      layers: [
        { etc: { type: 'symlink', linkname: '/real' } },
        { 'etc/fairlead-test': 'inside' },
        {
          'app/read.mjs': `import { readFileSync } from 'node:fs'; console.log(readFileSync('../real/fairlead-test', 'utf8'))`,
        },
      ],
      config: { Cmd: ['node', 'read.mjs'], WorkingDir: '/app' },
    });

    await at.plane.runTask(taskSpec(image));

    expect(at.plane.logs({ execution })[0]?.text).toBe('inside');
    expect(existsSync('/etc/fairlead-test')).toBe(false);
  });

  test('are refused when they are not what their digest says', async () => {
    await using at = await bench();
    const image = await at.program('');
    at.registry.corruptLayers();

    const outcome = await at.plane.runTask(taskSpec(image));

    expect(outcome).toMatchObject({
      kind: 'not-started',
      message: expect.stringMatching(
        /^Container import failed: a layer has digest sha256:\w+, expected sha256:/,
      ),
    });
  });
});
