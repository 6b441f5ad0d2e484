import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';

import { messageOf } from '@fairlead/action-kit';

import type { RevisionSpec } from '../../data-plane.ts';
import { platformEnv, shortName } from './container-env.ts';
import type { Exit } from './engine.ts';
import { type Group, startGroup } from './group.ts';
import { type Http2Connection, http2Connection } from './http2-connection.ts';
import { ingressPart } from './ingress.ts';
import type { Launcher, Wishes } from './launcher.ts';
import { openFolders } from './shared-folders.ts';
import { sidecarPart } from './sidecar.ts';

export type { Launcher } from './launcher.ts';

/** One instance all of whose containers passed their startup probes. */
export interface Running {
  /** Unlike that of any other instance. */
  readonly id: string;
  readonly port: number;
  readonly agent: Agent;
  /** Over HTTP/2, for containers that speak it without TLS. */
  readonly openStream: Http2Connection['openStream'];
  /** Resolves when the first of its containers has ended, which ends the others. */
  readonly exited: Promise<Exit>;
  readonly stop: () => Promise<void>;
}

// Node and Python servers close idle connections after 5 s, some after 2 s: ours end first, so that no request meets a closing one.
const idleConnectionMs = 1_000;

/** Starts one instance and waits for its startup probes; throws {@link StartFailure} with nothing left running. */
export async function launch(spec: RevisionSpec, launcher: Launcher & Wishes): Promise<Running> {
  const id = `${shortName(spec.name)}-${randomUUID().slice(0, 8)}`;
  const port = await launcher.ports.take();
  try {
    return await launchAt(spec, { id, port, launcher });
  } catch (thrown) {
    launcher.ports.giveBack(port);
    throw thrown;
  }
}

interface Place {
  readonly id: string;
  readonly port: number;
  readonly launcher: Launcher & Wishes;
}

async function launchAt(spec: RevisionSpec, { id, port, launcher }: Place): Promise<Running> {
  const { sidecars = [] } = spec;
  const folders = await openFolders(launcher.engine, id, [spec, ...sidecars]);
  const beside = { ...launcher, id, folders, env: platformEnv(spec), isTask: false };
  const parts = [
    ingressPart(spec, { ...beside, port }),
    ...sidecars.map((sidecar) => sidecarPart(sidecar, beside)),
  ];
  const group = await startGroup(parts, { folders, say: launcher.say, signal: launcher.signal });
  return runningOf(group, { id, port, launcher });
}

function runningOf({ exited, end }: Group, { id, port, launcher }: Place): Running {
  const agent = new Agent({ keepAlive: true, timeout: idleConnectionMs });
  const http2 = http2Connection(port);
  const ended = exited
    .then(end)
    .catch((thrown: unknown) => {
      launcher.say('system', `What is left of the instance could not be removed: ${messageOf(thrown)}`);
    })
    .then(() => {
      agent.destroy();
      http2.destroy();
      launcher.ports.giveBack(port);
    });
  return {
    id,
    port,
    agent,
    openStream: http2.openStream,
    exited,
    stop: async () => {
      await end();
      await ended;
    },
  };
}
