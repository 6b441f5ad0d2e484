import type { Clock } from '@fairlead/action-kit';

import type { ProbeSpec } from '../../data-plane.ts';
import { askProbe } from './ask-probe.ts';

export interface Asking {
  readonly port: number;
  readonly clock: Clock;
  /** Ends the asking. */
  readonly signal: AbortSignal;
  /** Told each time the probe has failed or passed as often in a row as its thresholds say, and thought otherwise before. */
  readonly onChange: (passes: boolean) => void;
}

/** Asks once a period for as long as the instance runs; an instance passes until it has failed often enough. */
export async function keepAsking(probe: ProbeSpec, asking: Asking): Promise<void> {
  const { port, clock, signal, onChange } = asking;
  const periodMs = (probe.periodSeconds ?? 10) * 1_000;
  let passes = true;
  let inRow = 0;
  await clock.sleep((probe.initialDelaySeconds ?? 0) * 1_000, signal);
  for (;;) {
    const hasPassed = (await askProbe(probe, port)) === undefined;
    inRow = hasPassed === passes ? 0 : inRow + 1;
    const needed = passes ? (probe.failureThreshold ?? 3) : (probe.successThreshold ?? 1);
    if (signal.aborted) return;
    if (inRow >= needed) {
      passes = hasPassed;
      inRow = 0;
      onChange(passes);
    }
    await clock.sleep(periodMs, signal);
  }
}
