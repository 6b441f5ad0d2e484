import { violation } from './cloud-error.ts';
import type { Container, Probe } from './resources.ts';

/** The longest a probe of each kind may wait, in seconds, as the API's documentation has it. */
const probes = [
  ['startup_probe', 'startupProbe', 240],
  ['liveness_probe', 'livenessProbe', 3_600],
  ['readiness_probe', 'readinessProbe', 3_600],
] as const;

/** Throws the first rule that a probe of the container breaks. */
export function checkProbes(at: string, container: Container): void {
  for (const [field, key, longest] of probes) {
    const probe = container[key];
    if (probe !== undefined) checkProbe(`${at}.${field}`, probe, longest);
  }
}

function checkProbe(at: string, probe: Probe, longest: number): void {
  const { initialDelaySeconds, timeoutSeconds, periodSeconds, failureThreshold } = probe;
  expectWithin(`${at}.initial_delay_seconds`, initialDelaySeconds, [0, longest]);
  expectWithin(`${at}.timeout_seconds`, timeoutSeconds, [0, longest]);
  expectWithin(`${at}.period_seconds`, periodSeconds, [0, longest]);
  expectWithin(`${at}.failure_threshold`, failureThreshold, [0, 2 ** 31 - 1]);
  expectWithin(`${at}.tcp_socket.port`, probe.tcpSocket?.port, [0, 65_535]);
  expectWithin(`${at}.http_get.port`, probe.httpGet?.port, [0, 65_535]);
  expectWithin(`${at}.grpc.port`, probe.grpc?.port, [0, 65_535]);
  // A 0 stands for the default.
  const [timeout, period] = [timeoutSeconds || 1, periodSeconds || 10];
  if (timeout > period)
    throw violation(
      `${at}.timeout_seconds`,
      `must be less than or equal to period_seconds, got ${timeout} with a period of ${period}.`,
    );
}

/** A 0 stands for the default, as it cannot be told from what is left out. */
function expectWithin(at: string, value: number | undefined, [min, max]: readonly [number, number]): void {
  if (value !== undefined && (value < min || value > max))
    throw violation(at, `must be between ${min} and ${max}, got ${value}.`);
}
