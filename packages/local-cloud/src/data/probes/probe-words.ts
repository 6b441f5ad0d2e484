import type { ProbeSpec, RevisionSpec } from '../../data-plane.ts';
import { shortName } from '../container-env.ts';

/** What the log says of a startup probe, in Cloud Run's words; without a probe it is the default one. */
export function startupWords(spec: RevisionSpec, isPassed: boolean): string {
  const { startupProbe: probe } = spec;
  const name = probe === undefined ? 'Default STARTUP TCP' : `STARTUP ${probe.kind.toUpperCase()}`;
  const times = probe?.failureThreshold ?? (probe === undefined ? 1 : 3);
  return isPassed
    ? `${name} probe succeeded after 1 attempt for ${placeOf(spec, probe)}.`
    : `${name} probe failed ${countOf(times)} consecutively for ${placeOf(spec, probe)}. The instance was not started.`;
}

export function livenessWords(spec: RevisionSpec, probe: ProbeSpec): string {
  const times = countOf(probe.failureThreshold ?? 3);
  return `LIVENESS ${probe.kind.toUpperCase()} probe failed ${times} consecutively for ${placeOf(spec, probe)}. The instance has been shut down.`;
}

export function readinessWords(spec: RevisionSpec, probe: ProbeSpec, passes: boolean): string {
  const kind = probe.kind.toUpperCase();
  return passes
    ? `READINESS ${kind} probe succeeded for ${placeOf(spec, probe)}. The instance receives requests again.`
    : `READINESS ${kind} probe failed ${countOf(probe.failureThreshold ?? 3)} consecutively for ${placeOf(spec, probe)}. The instance receives no requests.`;
}

/** The port is that of the service's manifest, not the one that the instance has on this machine. */
function placeOf(spec: RevisionSpec, probe: ProbeSpec | undefined): string {
  const container = spec.containerName ?? `${shortName(spec.service)}-1`;
  const path = probe?.kind === 'http' ? ` path "${probe.path ?? '/'}"` : '';
  return `container "${container}" on port ${probe?.port ?? spec.port}${path}`;
}

function countOf(times: number): string {
  return `${times} ${times === 1 ? 'time' : 'times'}`;
}
