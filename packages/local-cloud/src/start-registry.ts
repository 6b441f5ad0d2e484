import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as registry from './registry/index.ts';

export interface OwnRegistry {
  readonly host: string;
  readonly contents: registry.Registry;
  readonly close: () => Promise<void>;
}

/** Where a registry stays from one run to the next. */
export interface RegistryPlace {
  readonly folder?: string;
  /** The port that it had before. */
  readonly port?: number;
}

/** The container registry of one local cloud; what it holds goes with it, unless a folder is told in which it stays. */
export async function startRegistry(now: () => number, kept: RegistryPlace = {}): Promise<OwnRegistry> {
  return kept.folder === undefined ? passingRegistry(now) : keptRegistry(now, kept.folder, kept.port);
}

/** At the port that it had before, or at a free one when somebody else has it now. */
async function keptRegistry(now: () => number, folder: string, port = 0): Promise<OwnRegistry> {
  const { running, registry: contents } = await registry
    .serveRegistry({ folder, now, port })
    .catch((thrown: unknown) => {
      if (port === 0) throw thrown;
      return registry.serveRegistry({ folder, now });
    });
  return { host: running.address, contents, close: running.close };
}

async function passingRegistry(now: () => number): Promise<OwnRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'local-registry-'));
  const { running, registry: contents } = await registry.serveRegistry({ folder, now });
  return {
    host: running.address,
    contents,
    close: async () => {
      await running.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
