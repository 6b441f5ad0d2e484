import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { errorCode } from './error-code.ts';
import { StateError } from './state-error.ts';

const heldHere = new Set<string>();

/**
 * Makes sure that one running cloud alone uses the file: `FILE.lock` names the process. The lock of a process that is gone is taken over. Throws
 * {@link StateError} `in-use`. Returns what gives the file free again.
 */
export function lockFile(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true });
  const lock = join(realpathSync(dirname(file)), `${basename(file)}.lock`);
  const mine = ownerText(process.pid);
  for (let attempt = 1; ; attempt += 1) {
    if (taken(lock, mine)) break;
    const owner = readOwner(lock);
    if (owner !== undefined && isRunning(lock, owner)) throw inUse(file, owner);
    if (attempt === 10) throw inUse(file, owner ?? 'unknown');
    if (owner !== undefined) putAside(lock, owner);
  }
  heldHere.add(lock);
  return () => {
    if (heldHere.delete(lock)) rmSync(lock, { force: true });
  };
}

/** Makes the lock with its text in it at once, or leaves the one that is there. */
function taken(lock: string, text: string): boolean {
  const made = `${lock}.${randomUUID()}`;
  try {
    writeFileSync(made, text);
    linkSync(made, lock);
    return true;
  } catch (thrown) {
    if (errorCode(thrown) === 'EEXIST') return false;
    throw thrown;
  } finally {
    rmSync(made, { force: true });
  }
}

// Whoever takes over first wins: what is put aside is looked at again, and given back if it is not the stale lock any more.
function putAside(lock: string, stale: string): void {
  const aside = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, aside);
    if (readOwner(aside) !== stale) linkSync(aside, lock);
  } catch (thrown) {
    if (errorCode(thrown) !== 'ENOENT' && errorCode(thrown) !== 'EEXIST') throw thrown;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readOwner(lock: string): string | undefined {
  try {
    return readFileSync(lock, 'utf8');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

function isRunning(lock: string, owner: string): boolean {
  const pid = Number(/^\d+/.exec(owner)?.[0] ?? 0);
  if (pid === process.pid) return heldHere.has(lock);
  return pid > 0 && exists(pid) && ownerText(pid) === owner;
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return errorCode(thrown) === 'EPERM';
  }
}

/**
 * The process and when it began, where the system tells: numbers of processes are given out again. One that has ended and that nobody has asked after
 * yet, as in a container whose first process does not, is there no more.
 */
function ownerText(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')')).split(' ');
    return fields[1] === 'Z' ? `${pid} ended` : `${pid} ${fields[20] ?? ''}`;
  } catch {
    return String(pid);
  }
}

function inUse(file: string, owner: string): StateError {
  const pid = owner.split(' ')[0] ?? owner;
  return new StateError(
    'in-use',
    `state file "${file}" is used by another local cloud, process ${pid}; stop that one, or give this one another file`,
  );
}
