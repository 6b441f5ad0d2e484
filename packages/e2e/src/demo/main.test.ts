import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { killOwnProcesses } from './own-processes.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

const hasPython = spawnSync('python3', ['-c', 'import pip']).status === 0;
const named = hasPython ? test : test.skip;
const why = hasPython ? '' : ' (skipped: no python3 with pip, which the demo needs)';

describe('the demo', () => {
  named.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    `stops on %s with 130, and nothing that it started is left${why}`,
    async (signal) => {
      await using folder = await temporary();
      const demo = startDemo(folder.path, ['--headless', '--containers=process']);
      await wrote(demo, /Fetch the packages of the example/);

      demo.kill(signal);
      const code = await ended(demo);

      expect(code).toBe(130);
      expect(killOwnProcesses(join(folder.path, 'demo/tmp'))).toBe(0);
      expect(await readdir(join(folder.path, 'demo'))).not.toContain('tmp');
    },
    60_000,
  );

  test.each([
    [['--containers=podman'], /^demo: --containers must be "docker" or "process", got "podman"/],
    [
      ['--headless', '--containers=process', '--report', '/no/such/folder/x.json'],
      /^demo: expected to write the report to/,
    ],
  ])('refuses %j in one sentence, with 2', async (args, message) => {
    await using folder = await temporary();
    const demo = startDemo(folder.path, args);
    const said = textOf(demo);

    const code = await ended(demo);

    expect(code).toBe(2);
    expect(said()).toMatch(message);
  });

  test('says what is missing, with 2, where there is no git', async () => {
    await using folder = await temporary();
    const demo = startDemo(folder.path, ['--headless', '--containers=process'], { PATH: folder.path });
    const said = textOf(demo);

    const code = await ended(demo);

    expect(code).toBe(2);
    expect(said()).toContain('demo: expected git and found none; on Debian: apt-get install git');
  });
});

function startDemo(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, FAIRLEAD_FOLDER: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(demo: ChildProcess): Promise<unknown> {
  const [code] = (await once(demo, 'close')) as readonly unknown[];
  return code;
}

function textOf({ stdout, stderr }: ChildProcess): () => string {
  let text = '';
  for (const stream of [stdout, stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}

async function wrote(child: ChildProcess, pattern: RegExp): Promise<void> {
  const said = textOf(child);
  while (!pattern.test(said())) {
    if (child.exitCode !== null) throw new Error(`the demo ended early: ${said()}`);
    await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), once(child, 'close')]);
  }
}

async function temporary() {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'fairlead-demo-')));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
