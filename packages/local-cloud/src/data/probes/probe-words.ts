import type { ProbeSpec } from '../../data-plane.ts';

/** A container whose health is asked. */
export interface Probed {
  readonly name: string;
  /** As the manifest of the service has it, not the one that the instance has on this machine. */
  readonly port: number;
  readonly startupProbe?: ProbeSpec;
  readonly livenessProbe?: ProbeSpec;
  readonly readinessProbe?: ProbeSpec;
}

/** The probes of a container under the name and port by which the log knows it. */
export function probedOf(
  { startupProbe, livenessProbe, readinessProbe }: Partial<Probed>,
  named: Pick<Probed, 'name' | 'port'>,
): Probed {
  return {
    ...named,
    ...(startupProbe === undefined ? {} : { startupProbe }),
    ...(livenessProbe === undefined ? {} : { livenessProbe }),
    ...(readinessProbe === undefined ? {} : { readinessProbe }),
  };
}

/** What the log says of a startup probe, in Cloud Run's words; without a probe it is the default one. */
export function startupWords(probed: Probed, isPassed: boolean): string {
  const { startupProbe: probe } = probed;
  const name = probe === undefined ? 'Default STARTUP TCP' : `STARTUP ${probe.kind.toUpperCase()}`;
  const times = probe?.failureThreshold ?? (probe === undefined ? 1 : 3);
  return isPassed
    ? `${name} probe succeeded after 1 attempt for ${placeOf(probed, probe)}.`
    : `${name} probe failed ${countOf(times)} consecutively for ${placeOf(probed, probe)}. The instance was not started.`;
}

export function livenessWords(probed: Probed, probe: ProbeSpec): string {
  const times = countOf(probe.failureThreshold ?? 3);
  return `LIVENESS ${probe.kind.toUpperCase()} probe failed ${times} consecutively for ${placeOf(probed, probe)}. The instance has been shut down.`;
}

export function readinessWords(probed: Probed, probe: ProbeSpec, passes: boolean): string {
  const kind = probe.kind.toUpperCase();
  return passes
    ? `READINESS ${kind} probe succeeded for ${placeOf(probed, probe)}. The instance receives requests again.`
    : `READINESS ${kind} probe failed ${countOf(probe.failureThreshold ?? 3)} consecutively for ${placeOf(probed, probe)}. The instance receives no requests.`;
}

function placeOf({ name, port }: Probed, probe: ProbeSpec | undefined): string {
  const path = probe?.kind === 'http' ? ` path "${probe.path ?? '/'}"` : '';
  return `container "${name}" on port ${probe?.port ?? port}${path}`;
}

function countOf(times: number): string {
  return `${times} ${times === 1 ? 'time' : 'times'}`;
}
