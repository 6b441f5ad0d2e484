import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Missing } from './missing.ts';
import { killOwnProcesses } from './own-processes.ts';

/** The folder that one demo at a time works in. */
export interface OwnFolder extends AsyncDisposable {
  /** TMPDIR of everything that the demo starts; gone in the end. */
  readonly temp: string;
  /** Ends at once whatever the demo has started and has not ended yet. */
  readonly killAll: () => void;
}

/**
 * Claims `folder` and removes what an earlier demo left when it was killed: its processes, its temporary files, its workspaces.
 * Throws `Missing` while another demo works there.
 */
export async function claimFolder(folder: string): Promise<OwnFolder> {
  await mkdir(folder, { recursive: true });
  const lock = join(folder, 'pid');
  const temp = join(folder, 'tmp');
  refuseWhileHeld(lock);
  await writeFile(lock, String(process.pid));
  killOwnProcesses(temp);
  await Promise.all([temp, join(folder, 'runner')].map(remove));
  await mkdir(temp);
  return {
    temp,
    killAll: () => {
      killOwnProcesses(temp);
    },
    [Symbol.asyncDispose]: async () => {
      killOwnProcesses(temp);
      await Promise.all([temp, lock].map(remove));
    },
  };
}

/** Removes the folders in a build cache that a killed build left half made; whole ones are named by the hash of what they are made from. */
export async function dropHalfMade(cache: string): Promise<void> {
  const entries = await readdir(cache).catch(() => []);
  const halfMade = entries.filter((entry) => /^(node|python)-[0-9a-f]{16}-/.test(entry));
  await Promise.all(halfMade.map((entry) => remove(join(cache, entry))));
}

function remove(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function refuseWhileHeld(lock: string): void {
  const pid = Number(textOf(lock));
  if (pid === process.pid || !isDemo(pid)) return;
  throw new Missing(
    `another demo works in this checkout, as process ${pid}; stop it, or use a second checkout for a second demo`,
  );
}

// A number can belong to another program by now; where the system tells what it is, that counts.
function isDemo(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const command = textOf(`/proc/${pid}/cmdline`);
  return command === '' || command.includes('demo/main.ts');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
