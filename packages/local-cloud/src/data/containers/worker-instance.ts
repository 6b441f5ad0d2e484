import { randomUUID } from 'node:crypto';

import type { Clock } from '@fairlead/action-kit';

import type { WorkerSpec } from '../../data-plane.ts';
import { shortName, workerEnv } from './container-env.ts';
import { type Engine, StartFailure } from './engine.ts';
import { type Group, startGroup } from './group.ts';
import { openFolders } from './shared-folders.ts';
import { sidecarPart } from './sidecar.ts';
import type { SaidLine } from './tasks.ts';

export interface WorkerLauncher {
  readonly engine: Engine;
  readonly clock: Clock;
  /** How long an instance has to stay up to count as started. */
  readonly settleMs: number;
  /** Whether no container really runs: then nobody is asked how they are. */
  readonly isPlayed: boolean;
  readonly say: (line: SaidLine) => void;
}

/** Starts one instance of a worker pool's revision: up when its startup probes have passed, and then for long enough. */
export async function launchWorker(
  spec: WorkerSpec,
  launcher: WorkerLauncher & { readonly signal: AbortSignal },
): Promise<Group> {
  const { engine, clock, signal, settleMs, isPlayed } = launcher;
  const id = `${shortName(spec.name)}-${randomUUID().slice(0, 8)}`;
  const folders = await openFolders(engine, id, spec.containers);
  const isAlone = spec.containers.length === 1;
  const say = (stream: SaidLine['stream'], text: string, container?: string) => {
    // Where there is one container nobody asks which.
    launcher.say({ stream, text, container: isAlone ? undefined : container });
  };
  const beside = { engine, clock, id, folders, env: workerEnv(spec), isTask: false, isPlayed, say };
  const parts = spec.containers.map((container) => sidecarPart(container, beside));
  return startGroup(parts, {
    folders,
    say,
    signal,
    settle: (over) => clock.sleep(settleMs, over).catch(unwanted),
  });
}

function unwanted(): never {
  throw new StartFailure('HEALTH_CHECK_CONTAINER_ERROR', 'the instance was stopped before it was ready');
}
