import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For tests: a disk that is full when so many bytes are on it. */
export interface SmallDisk extends Disposable {
  readonly path: string;
  readonly resize: (bytes: number) => void;
}

/** Throws where this user may not mount. */
export function smallDisk(bytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const mount = (...args: readonly string[]) => {
    const { status, stderr, error } = spawnSync('mount', [...args, path], { encoding: 'utf8' });
    if (status !== 0) throw error ?? new Error(stderr);
  };
  try {
    mount('-t', 'tmpfs', '-o', `size=${bytes}`, 'small-disk');
  } catch (thrown) {
    rmdirSync(path);
    throw thrown;
  }
  return {
    path,
    resize: (to) => {
      mount('-o', `remount,size=${to}`);
    },
    [Symbol.dispose]: () => {
      spawnSync('umount', ['--lazy', path]);
      rmdirSync(path);
    },
  };
}

/** Whether this user may mount, which takes Linux and root. */
export function canMount(): boolean {
  try {
    using disk = smallDisk(65_536);
    return disk.path !== '';
  } catch {
    return false;
  }
}
