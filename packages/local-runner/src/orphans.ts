import { readdirSync, readFileSync } from 'node:fs';

/** Kills every process whose environment says that this job started it, as the runner does when a job ends. Does nothing where there is no /proc. */
export function killOrphans(trackingId: string): readonly number[] {
  return processes().filter((pid) => {
    if (!environmentOf(pid).includes(`RUNNER_TRACKING_ID=${trackingId}\0`)) return false;
    try {
      return process.kill(pid, 'SIGKILL');
    } catch {
      return false;
    }
  });
}

function processes(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

// Processes of others cannot be read and end while we look; neither is ours to stop.
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
