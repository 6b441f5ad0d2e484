import type { RevisionSpec } from '../../data-plane.ts';
import { probedOf, startupWords } from '../probes/probe-words.ts';
import { serviceEnv, shortName } from './container-env.ts';
import { describeExit, StartFailure } from './engine.ts';
import { watchHealth } from './health.ts';
import type { Launcher, Wishes } from './launcher.ts';
import { mountsOf } from './shared-folders.ts';
import { type Beside, noted, sentence } from './sidecar.ts';
import { type Startup, startupOf } from './startup.ts';
import type { Part } from './together.ts';

export interface IngressPlace
  extends Omit<Beside, 'say'>, Pick<Launcher, 'say' | 'settleMs'>, Pick<Wishes, 'onReadiness'> {
  /** Where the container is told to listen. */
  readonly port: number;
}

/** The container that requests go to. */
export function ingressPart(spec: RevisionSpec, place: IngressPlace): Part {
  const { port, clock } = place;
  const name = spec.containerName ?? `${shortName(spec.service)}-1`;
  const isAlone = (spec.sidecars ?? []).length === 0;
  const say: Launcher['say'] = (stream, text) => {
    // Where there is one container nobody asks which.
    place.say(stream, text, isAlone ? undefined : name);
  };
  const probed = probedOf(spec, { name, port: spec.port });
  return {
    name,
    dependsOn: spec.dependsOn ?? [],
    start: async () => {
      const container = { ...spec, env: serviceEnv(spec, port) };
      const mounts = mountsOf(spec, place.folders);
      return noted(
        await place.engine.start({ id: place.id, container, mounts, isTask: false, port, onLine: say }),
        say,
      );
    },
    up: async (instance, signal) => {
      const startup = await startupOf(instance.exited, {
        port,
        probe: spec.startupProbe,
        settleMs: spec.healthCheckDisabled ? place.settleMs : undefined,
        clock,
        signal,
      });
      if (!spec.healthCheckDisabled && (startup.kind === 'passed' || startup.kind === 'failed'))
        say('system', startupWords(probed, startup.kind === 'passed'));
      const failure = failureOf(startup, spec);
      if (failure === undefined) {
        watchHealth(instance, probed, { port, clock, say, onReadiness: place.onReadiness });
        return;
      }
      throw failure;
    },
  };
}

function failureOf(startup: Startup, spec: RevisionSpec): StartFailure | undefined {
  switch (startup.kind) {
    case 'passed':
      return undefined;
    case 'unwanted':
      return new StartFailure('HEALTH_CHECK_CONTAINER_ERROR', 'the instance was stopped before it was ready');
    case 'died':
      return neverListened(spec, describeExit(startup.exit));
    case 'failed':
      return spec.startupProbe !== undefined && spec.startupProbe.kind !== 'tcp'
        ? new StartFailure(
            'HEALTH_CHECK_CONTAINER_ERROR',
            `The user-provided container failed the configured startup probe checks. ${sentence(startup.because)}`,
          )
        : neverListened(spec, sentence(startup.because));
  }
}

/** The port is the one that the service names, as Cloud Run says it; the container has got another one in `PORT` here. */
function neverListened({ port }: RevisionSpec, because: string): StartFailure {
  return new StartFailure(
    'HEALTH_CHECK_CONTAINER_ERROR',
    `The user-provided container failed to start and listen on the port defined provided by the PORT=${port} environment variable within the allocated timeout. ` +
      `This can happen when the container port is misconfigured or if the timeout is too short. The health check timeout can be extended. ${because}`,
  );
}
