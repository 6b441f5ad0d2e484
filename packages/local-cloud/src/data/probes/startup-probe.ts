import type { Clock } from '@fairlead/action-kit';

import type { ProbeSpec } from '../../data-plane.ts';
import { askProbe, askTcp } from './ask-probe.ts';

export type ProbeVerdict =
  { readonly kind: 'passed' } | { readonly kind: 'failed'; readonly because: string };

/**
 * Asks until the probe passes or its window is over: the initial delay, then the period times the threshold; 240 s for the default TCP probe.
 * Inside the window it asks more often than the period, so that a container that is ready is noticed at once.
 */
export async function awaitStartup(
  probe: ProbeSpec | undefined,
  containerPort: number,
  options: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<ProbeVerdict> {
  const { clock, signal } = options;
  const plan = planOf(probe, containerPort);
  await clock.sleep(plan.initialDelayMs, signal);
  const deadlineMs = clock.now() + plan.windowMs;
  for (;;) {
    const failure = await plan.ask();
    if (failure === undefined) return { kind: 'passed' };
    if (clock.now() + plan.pauseMs > deadlineMs) return { kind: 'failed', because: failure };
    await clock.sleep(plan.pauseMs, signal);
  }
}

interface ProbePlan {
  readonly initialDelayMs: number;
  readonly windowMs: number;
  readonly pauseMs: number;
  /** Why it does not pass, or undefined when it does. */
  readonly ask: () => Promise<string | undefined>;
}

const longestPauseMs = 100;

function planOf(probe: ProbeSpec | undefined, port: number): ProbePlan {
  if (probe === undefined) {
    const ask = () => askTcp({ port, timeoutMs: 1_000 });
    return { initialDelayMs: 0, windowMs: 240_000, pauseMs: 25, ask };
  }
  const periodMs = (probe.periodSeconds ?? 10) * 1_000;
  return {
    initialDelayMs: (probe.initialDelaySeconds ?? 0) * 1_000,
    windowMs: periodMs * (probe.failureThreshold ?? 3),
    pauseMs: Math.min(periodMs, longestPauseMs),
    ask: () => askProbe(probe, port),
  };
}
