import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** Sends a signal to a whole process group; one that is gone is fine. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown;
  }
}

// macOS says EPERM of a group whose processes have all ended.
function isGone(thrown: unknown): boolean {
  const { code } = thrown as NodeJS.ErrnoException;
  return code === 'ESRCH' || code === 'EPERM';
}

/**
 * Kills every process whose environment holds `name=value`, also one that left its group, and waits until it is gone. Only where /proc tells (Linux); elsewhere
 * nothing is found and only process groups are ended.
 */
export async function killMarked(name: string, value: string): Promise<void> {
  for (let left = mostLooks; left > 0; left -= 1) {
    const marked = processIds().filter(
      (pid) => pid !== process.pid && environmentOf(pid).includes(`${name}=${value}`),
    );
    if (marked.length === 0) return;
    marked.forEach(kill);
    await setTimeout(pauseMs);
  }
}

// A process killed this long ago and still there hangs in the kernel; waiting longer does not help.
const mostLooks = 200;
const pauseMs = 10;

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown;
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number);
  } catch {
    // No /proc on this system.
    return [];
  }
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // Ended meanwhile, or another user's.
    return [];
  }
}
