/** Asks a dependency whether it works; throws when it does not. */
export type Probe = () => Promise<unknown>;

export interface Health {
  readonly status: 'healthy' | 'unhealthy';
  readonly service: string;
  /** Tag of the image that runs. */
  readonly version: string;
  readonly revision: string;
  /** When this instance started. */
  readonly startedAt: string;
  readonly dependencies: Readonly<Record<string, 'connected' | 'disconnected'>>;
}

const PROBE_TIMEOUT_MS = 2_000;
const startedAt = new Date().toISOString();

/** What `GET /health` says. Every dependency is asked now, so that the answer is never healthier than the service. */
export async function healthOf(service: string, probes: Readonly<Record<string, Probe>>): Promise<Health> {
  const dependencies = Object.fromEntries(
    await Promise.all(
      Object.entries(probes).map(async ([name, probe]) => [name, await stateOf(probe)] as const),
    ),
  );
  const connected = Object.values(dependencies).every((state) => state === 'connected');

  return {
    status: connected ? 'healthy' : 'unhealthy',
    service,
    version: process.env.IMAGE_TAG ?? 'unknown',
    revision: process.env.K_REVISION ?? 'local',
    startedAt,
    dependencies,
  };
}

async function stateOf(probe: Probe): Promise<'connected' | 'disconnected'> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`no answer within ${PROBE_TIMEOUT_MS} ms`)),
    PROBE_TIMEOUT_MS,
  );
  try {
    await Promise.race([probe(), timeout]);
    return 'connected';
  } catch (error) {
    console.error(`dependency is disconnected: ${String(error)}`);
    return 'disconnected';
  } finally {
    clearTimeout(timer);
  }
}
