import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { claimFolder, dropHalfMade } from './own-folder.ts';

const onLinux = existsSync('/proc/self/environ') ? test : test.skip;

describe('the folder of the demo', () => {
  onLinux('is claimed by ending what a killed demo left running and by removing its files', async () => {
    await using folder = await temporary();
    const left = await sleeper(join(folder.path, 'tmp', 'instance'));
    await mkdir(join(folder.path, 'runner/run-1'), { recursive: true });
    const ended = once(left, 'exit');

    await using own = await claimFolder(folder.path);

    expect(await ended).toEqual([null, 'SIGKILL']);
    expect([existsSync(join(folder.path, 'runner')), existsSync(own.temp)]).toEqual([false, true]);
  });

  onLinux('ends what is still running when it is given up, and nothing of a neighbour', async () => {
    await using folder = await temporary();
    const own = await claimFolder(folder.path);
    const mine = await sleeper(own.temp);
    const neighbour = await sleeper(`${own.temp}-of-another`);
    const ended = once(mine, 'exit');

    await own[Symbol.asyncDispose]();

    expect(await ended).toEqual([null, 'SIGKILL']);
    expect([neighbour.exitCode, neighbour.signalCode, existsSync(own.temp)]).toEqual([null, null, false]);
    neighbour.kill('SIGKILL');
  });

  test('is refused while another demo works in it', async () => {
    await using folder = await temporary();
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'demo/main.ts']);
    await once(other, 'spawn');
    await writeFile(join(folder.path, 'pid'), String(other.pid));

    const claimed = claimFolder(folder.path);

    await expect(claimed).rejects.toThrow(`another demo works in this checkout, as process ${other.pid}`);
    other.kill('SIGKILL');
  });
});

test('a build cache loses what a killed build left half made and keeps the rest', async () => {
  await using folder = await temporary();
  const places = ['node-0123456789abcdef', 'node-0123456789abcdef-Ab12Cd'].map((name) =>
    join(folder.path, name),
  );
  await Promise.all(places.map((place) => mkdir(place)));

  await dropHalfMade(folder.path);

  expect(places.map((place) => existsSync(place))).toEqual([true, false]);
});

interface Temporary extends AsyncDisposable {
  readonly path: string;
}

async function temporary(): Promise<Temporary> {
  const path = await realpath(mkdtempSync(join(tmpdir(), 'fairlead-own-')));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function sleeper(temp: string): Promise<ChildProcess> {
  const program = 'console.log("up"); setInterval(() => {}, 1000)';
  const child = spawn(process.execPath, ['-e', program], {
    env: { TMPDIR: temp },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  return child;
}
