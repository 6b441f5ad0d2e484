import { readdirSync, readFileSync } from 'node:fs';

/**
 * Kills every process of a demo: each was started with a TMPDIR at or below `temp`, also what a service or a build started in turn.
 * Returns how many there were. Only where /proc tells (Linux); elsewhere nothing is found and each part ends what it started.
 */
export function killOwnProcesses(temp: string): number {
  return processIds().filter((pid) => pid !== process.pid && isBelow(temp, tempOf(pid)) && kill(pid)).length;
}

function isBelow(temp: string, found: string | undefined): boolean {
  return found === temp || found?.startsWith(`${temp}/`) === true;
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It ended between the look and the signal.
    return false;
  }
}

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

// Processes of others cannot be read and end while we look; neither is ours to stop.
function tempOf(pid: number): string | undefined {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return environment.find((line) => line.startsWith('TMPDIR='))?.slice('TMPDIR='.length);
  } catch {
    return undefined;
  }
}
