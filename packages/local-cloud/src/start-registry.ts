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
}

/** The container registry of one local cloud; what it holds goes with it, unless a folder is told in which it stays. */
export async function startRegistry(now: () => number, place: RegistryPlace): Promise<OwnRegistry> {
  return place.folder === undefined
    ? passingRegistry(now, place.port)
    : keptRegistry(now, place.folder, place.port);
}

async function keptRegistry(now: () => number, folder: string, wanted: WantedPort): Promise<OwnRegistry> {
  const { running, registry: contents } = await openAtPort('the registry', wanted, (port) =>
    registry.serveRegistry({ folder, now, port }),
  );
  return { host: running.address, contents, close: running.close };
}

async function passingRegistry(now: () => number, wanted: WantedPort): Promise<OwnRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'local-registry-'));
  const { host, contents, close } = await keptRegistry(now, folder, wanted);
  return {
    host,
    contents,
    close: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
