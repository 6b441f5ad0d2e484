import type { Clock } from '@fairlead/action-kit';

import type { ProbeSpec } from '../../data-plane.ts';
import { awaitStartup, type ProbeVerdict } from '../probes/startup-probe.ts';
import type { Exit } from './engine.ts';

/** How a start went: what a probe said, or that the container ended or is not wanted any more. */
export type Startup =
  ProbeVerdict | { readonly kind: 'died'; readonly exit: Exit } | { readonly kind: 'unwanted' };

export interface StartupCheck {
  /** Where the container is asked unless its probe says otherwise. */
  readonly port: number;
  /** A TCP connection to the port unless told. */
  readonly probe: ProbeSpec | undefined;
  /** In place of any probe: how long the container has to stay up. */
  readonly settleMs?: number | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** An instance that ends, or is not wanted any more, is known at once and not when the probe's time is over. */
export async function startupOf(exited: Promise<Exit>, check: StartupCheck): Promise<Startup> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, check.signal]);
  const died = exited.then((exit): Startup => ({ kind: 'died', exit }));
  const first = await Promise.race([died, asked({ ...check, signal })]);
  over.abort();
  // A process that answers the probe and ends in the same moment has failed: one more turn lets its end be known.
  return first.kind === 'passed' ? Promise.race([died, afterOneTurn(first)]) : first;
}

async function asked({ probe, port, settleMs, clock, signal }: StartupCheck): Promise<Startup> {
  try {
    if (settleMs === undefined) return await awaitStartup(probe, port, { clock, signal });
    await clock.sleep(settleMs, signal);
    return { kind: 'passed' };
  } catch (thrown) {
    if (signal.aborted) return { kind: 'unwanted' };
    throw thrown;
  }
}

/** The same value when whatever is known by now has been told. */
export function afterOneTurn<T>(value: T): Promise<T> {
  return new Promise((resolve) => {
    setImmediate(resolve, value);
  });
}
