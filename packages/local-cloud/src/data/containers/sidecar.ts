import type { Clock } from '@fairlead/action-kit';

import type { LogLine, SidecarSpec } from '../../data-plane.ts';
import { type Probed, probedOf, startupWords } from '../probes/probe-words.ts';
import {
  describeExit,
  type Engine,
  type Exit,
  type Instance,
  type SharedFolders,
  StartFailure,
} from './engine.ts';
import { expectPortsFree } from './fixed-ports.ts';
import { watchHealth } from './health.ts';
import { mountsOf } from './shared-folders.ts';
import { type Startup, startupOf } from './startup.ts';
import type { Part } from './together.ts';

export interface Beside {
  readonly engine: Engine;
  readonly clock: Clock;
  /** Of the whole instance. */
  readonly id: string;
  readonly folders: SharedFolders;
  /** What Cloud Run sets for every container of the instance. */
  readonly env: Readonly<Record<string, string>>;
  readonly isTask: boolean;
  /** Whether no container really runs: then nobody is asked how they are. */
  readonly isPlayed?: boolean;
  readonly say: (stream: LogLine['stream'], text: string, container: string) => void;
}

/** Where a probe without a port asks. */
const defaultPort = 8_080;

/** A container beside the one that requests go to, or that a task is about. Without a startup probe it is up as soon as it runs. */
export function sidecarPart(spec: SidecarSpec, beside: Beside): Part {
  const { containerName: name, dependsOn = [], startupProbe } = spec;
  const say = (stream: LogLine['stream'], text: string) => {
    beside.say(stream, text, name);
  };
  const probed = probedOf(spec, { name, port: defaultPort });
  return {
    name,
    dependsOn,
    start: async () => {
      if (beside.isPlayed !== true) await expectPortsFree(spec);
      return noted(await started(spec, beside, say), say);
    },
    up: async (instance, signal) => {
      if (beside.isPlayed === true) return;
      const { clock } = beside;
      if (startupProbe !== undefined) {
        const check = { port: defaultPort, probe: startupProbe, clock, signal };
        expectPassed(await startupOf(instance.exited, check), probed, say);
      }
      watchHealth(instance, probed, { port: defaultPort, clock, say, onReadiness: () => undefined });
    },
  };
}

function started(
  spec: SidecarSpec,
  beside: Beside,
  onLine: (stream: LogLine['stream'], text: string) => void,
) {
  return beside.engine.start({
    id: `${beside.id}-${spec.containerName}`,
    container: { ...spec, env: { ...spec.env, ...beside.env } },
    mounts: mountsOf(spec, beside.folders),
    isTask: beside.isTask,
    onLine,
  });
}

/** The instance, whose end is said before anybody else is told of it. */
export function noted(instance: Instance, say: (stream: 'system', text: string) => void): Instance {
  const exited = instance.exited.then((exit: Exit) => {
    say('system', describeExit(exit));
    return exit;
  });
  return { ...instance, exited };
}

function expectPassed(startup: Startup, probed: Probed, say: (stream: 'system', text: string) => void): void {
  if (startup.kind === 'passed') {
    say('system', startupWords(probed, true));
    return;
  }
  if (startup.kind === 'failed') say('system', startupWords(probed, false));
  throw failureOf(startup);
}

function failureOf(startup: Exclude<Startup, { readonly kind: 'passed' }>): StartFailure {
  const reason = 'HEALTH_CHECK_CONTAINER_ERROR';
  if (startup.kind === 'unwanted')
    return new StartFailure(reason, 'the instance was stopped before it was ready');
  const because = startup.kind === 'died' ? describeExit(startup.exit) : sentence(startup.because);
  return new StartFailure(
    reason,
    `The user-provided container failed the configured startup probe checks. ${because}`,
  );
}

export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
