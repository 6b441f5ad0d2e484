import { type Clock, messageOf } from '@fairlead/action-kit';

import type { LogLine, ProbeSpec } from '../../data-plane.ts';
import { keepAsking } from '../probes/keep-asking.ts';
import { livenessWords, type Probed, readinessWords } from '../probes/probe-words.ts';
import type { Instance } from './engine.ts';

export interface HealthWatch {
  /** Where the container is asked unless its probes say otherwise. */
  readonly port: number;
  readonly clock: Clock;
  readonly say: (stream: LogLine['stream'], text: string) => void;
  /** Told whenever the readiness probe changes its mind; an instance is ready until it is told otherwise. */
  readonly onReadiness: (isReady: boolean) => void;
}

/** Asks after a container's health for as long as it runs, and stops it when it is not alive. */
export function watchHealth(instance: Instance, probed: Probed, watch: HealthWatch): void {
  const { livenessProbe, readinessProbe } = probed;
  const { port, clock, say, onReadiness } = watch;
  const over = new AbortController();
  void instance.exited.then(() => {
    over.abort();
  });
  const ask = (probe: ProbeSpec, onChange: (passes: boolean) => void) => {
    const asking = { port, clock, signal: over.signal, onChange };
    // Rejects when the instance has ended, which is how the asking ends.
    keepAsking(probe, asking).catch(() => undefined);
  };
  if (livenessProbe !== undefined)
    ask(livenessProbe, () => {
      over.abort();
      onReadiness(false);
      say('system', livenessWords(probed, livenessProbe));
      instance.stop().catch((thrown: unknown) => {
        say('system', `The container could not be stopped: ${messageOf(thrown)}`);
      });
    });
  if (readinessProbe !== undefined)
    ask(readinessProbe, (passes) => {
      say('system', readinessWords(probed, readinessProbe, passes));
      onReadiness(passes);
    });
}
