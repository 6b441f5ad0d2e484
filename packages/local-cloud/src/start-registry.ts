import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openAtPort, type WantedPort } from './at-port.ts';
import * as registry from './registry/index.ts';

export interface OwnRegistry {
  readonly host: string;
  readonly contents: registry.Registry;
  readonly close: () => Promise<void>;
}

/** Where a registry listens, and what holds it from one run to the next. */
export interface RegistryPlace {
  readonly folder?: string;
  readonly port: WantedPort;
  readonly policy: registry.PushPolicy;
}

/** The container registry of one local cloud; what it holds goes with it, unless a folder is told in which it stays. */
export async function startRegistry(now: () => number, place: RegistryPlace): Promise<OwnRegistry> {
  const { folder } = place;
  return folder === undefined ? passingRegistry(now, place) : keptRegistry(now, { ...place, folder });
}

async function keptRegistry(now: () => number, place: Required<RegistryPlace>): Promise<OwnRegistry> {
  const { folder, policy } = place;
  const { running, registry: contents } = await openAtPort('the registry', place.port, (port) =>
    registry.serveRegistry({ folder, now, port, policy }),
  );
  return { host: running.address, contents, close: running.close };
}

async function passingRegistry(now: () => number, place: RegistryPlace): Promise<OwnRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'local-registry-'));
  const { host, contents, close } = await keptRegistry(now, { ...place, folder });
  return {
    host,
    contents,
    close: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
