import type { ProbeSpec, RevisionSpec, SidecarSpec } from '../data-plane.ts';
import type { Container, Probe } from './resources.ts';

/** The probes of a container as the data plane asks them. */
export function probesOf(
  { startupProbe, livenessProbe, readinessProbe }: Container,
  containerPort: number,
): Pick<RevisionSpec, 'startupProbe' | 'livenessProbe' | 'readinessProbe'> {
  return {
    ...(startupProbe === undefined || isDefault(startupProbe)
      ? {}
      : { startupProbe: probeSpec(startupProbe, containerPort) }),
    ...(livenessProbe === undefined ? {} : { livenessProbe: probeSpec(livenessProbe, containerPort) }),
    ...(readinessProbe === undefined ? {} : { readinessProbe: probeSpec(readinessProbe, containerPort) }),
  };
}

/** The same of a container beside it, which is asked at the ports that its probes name. */
export function sidecarProbes({
  startupProbe,
  livenessProbe,
}: Container): Pick<SidecarSpec, 'startupProbe' | 'livenessProbe'> {
  return {
    ...(startupProbe === undefined ? {} : { startupProbe: probeSpec(startupProbe, undefined) }),
    ...(livenessProbe === undefined ? {} : { livenessProbe: probeSpec(livenessProbe, undefined) }),
  };
}

// The default probe says 240 s once, which Cloud Run reads as "within 240 s": that is what no probe means to the data plane.
function isDefault({ httpGet, grpc, timeoutSeconds, periodSeconds, failureThreshold }: Probe): boolean {
  const isTcp = httpGet === undefined && grpc === undefined;
  return isTcp && timeoutSeconds === 240 && periodSeconds === 240 && failureThreshold === 1;
}

function probeSpec(probe: Probe, containerPort: number | undefined): ProbeSpec {
  const { initialDelaySeconds, timeoutSeconds, periodSeconds, failureThreshold, successThreshold } = probe;
  const { httpGet, tcpSocket, grpc } = probe;
  const port = httpGet?.port ?? tcpSocket?.port ?? grpc?.port;
  const headers = httpGet?.httpHeaders?.map(({ name = '', value = '' }) => [name, value] as const);
  return {
    kind: kindOf(probe),
    ...(httpGet?.path === undefined ? {} : { path: httpGet.path }),
    ...(headers === undefined ? {} : { headers: Object.fromEntries(headers) }),
    ...(grpc?.service === undefined ? {} : { service: grpc.service }),
    // The API fills the container's own port in; here every instance listens on a port of its own.
    ...(port === undefined || port === containerPort ? {} : { port }),
    ...definedOf({ initialDelaySeconds, timeoutSeconds, periodSeconds, failureThreshold, successThreshold }),
  };
}

function kindOf({ httpGet, grpc }: Probe): ProbeSpec['kind'] {
  if (httpGet !== undefined) return 'http';
  return grpc === undefined ? 'tcp' : 'grpc';
}

function definedOf(values: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}
