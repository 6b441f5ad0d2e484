import { readFileSync } from 'node:fs';

import type { Exit } from '../containers/engine.ts';
import { signalGroup } from './process-group.ts';

type OutOfMemory = Extract<Exit, { readonly kind: 'out-of-memory' }>;

export interface MemoryWatch {
  /** Ends the watch and says what it has killed the group for, if it has. */
  readonly end: () => OutOfMemory | undefined;
}

// A kernel stops a container at the byte; between two looks a process here may go beyond its limit.
const lookMs = 250;

/**
 * Kills a process group whose processes hold more memory than the limit. Only where /proc tells what they hold (Linux); without a limit nothing is
 * watched. A child that has left its parent is not counted.
 */
export function watchMemory(leader: number, limitBytes: number | undefined): MemoryWatch {
  if (limitBytes === undefined) return { end: () => undefined };
  let exceeded: OutOfMemory | undefined;
  const timer = setInterval(() => {
    const usedBytes = heldBytes(leader);
    if (usedBytes <= limitBytes) return;
    exceeded = { kind: 'out-of-memory', limitBytes, usedBytes };
    clearInterval(timer);
    signalGroup(leader, 'SIGKILL');
  }, lookMs).unref();
  return {
    end: () => {
      clearInterval(timer);
      return exceeded;
    },
  };
}

function heldBytes(pid: number): number {
  const [, kibibytes = '0'] = /^VmRSS:\s*(\d+) kB$/m.exec(read(`/proc/${pid}/status`)) ?? [];
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').map(Number);
  return children.reduce((sum, child) => sum + (child > 0 ? heldBytes(child) : 0), Number(kibibytes) * 1_024);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Ended meanwhile, or no /proc on this system.
    return '';
  }
}
