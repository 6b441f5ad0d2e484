import type { RevisionSpec, SidecarSpec } from '../../data-plane.ts';
import { StartFailure } from './engine.ts';
import { isFree } from './free-port.ts';

/** The ports that a container beside the one for requests is known to listen on: those that its probes ask. */
function fixedPorts({ startupProbe, livenessProbe }: SidecarSpec): readonly number[] {
  return [startupProbe?.port, livenessProbe?.port].filter((port) => port !== undefined);
}

/** Throws {@link StartFailure} when somebody listens there already: its probes would take that for the container's own answer. */
export async function expectPortsFree(sidecar: SidecarSpec): Promise<void> {
  for (const port of fixedPorts(sidecar)) {
    if (await isFree(port)) continue;
    throw new StartFailure(
      'HEALTH_CHECK_CONTAINER_ERROR',
      `Application failed to start: container "${sidecar.containerName}" is to answer on port ${port}, which is taken on this machine; ` +
        'containers share its network here, so that one instance with this container runs at a time',
    );
  }
}

/** What of the revision can run here: nothing beside it where it is only played, a single instance when a container has a port that all would share. */
export function onOneMachine(
  asked: RevisionSpec,
  { isPlayed = false }: { readonly isPlayed?: boolean } = {},
): RevisionSpec {
  if (asked.sidecars === undefined) return asked;
  if (isPlayed) return { ...asked, dependsOn: [], sidecars: [] };
  if (fixedPortOf(asked) === undefined) return asked;
  return {
    ...asked,
    maxInstances: Math.min(asked.maxInstances, 1),
    minInstances: Math.min(asked.minInstances, 1),
  };
}

/** Says why a revision gets a single instance; undefined when it gets as many as it may. */
export function whyOne(asked: RevisionSpec, given: RevisionSpec): string | undefined {
  const fixed = fixedPortOf(given);
  if (fixed === undefined || given.maxInstances === asked.maxInstances) return undefined;
  return `Container "${fixed.container}" answers on port ${fixed.port}, and containers share the network of this machine here: the revision gets one instance, not up to ${asked.maxInstances}.`;
}

function fixedPortOf({ sidecars = [] }: RevisionSpec) {
  return sidecars.flatMap((sidecar) =>
    fixedPorts(sidecar).map((port) => ({ container: sidecar.containerName, port })),
  )[0];
}
