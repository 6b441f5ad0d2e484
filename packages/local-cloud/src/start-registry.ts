import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as registry from './registry/index.ts';

interface OwnRegistry {
  readonly host: string;
  readonly close: () => Promise<void>;
}

/** The container registry of one local cloud; what it holds goes with it, unless a folder is told in which it stays. */
export async function startRegistry(
  kept: { readonly folder?: string; readonly port?: number } = {},
): Promise<OwnRegistry> {
  return kept.folder === undefined ? passingRegistry() : keptRegistry(kept.folder, kept.port);
}

/** At the port that it had before, or at a free one when somebody else has it now. */
async function keptRegistry(folder: string, port = 0): Promise<OwnRegistry> {
  const running = await registry.startRegistry({ folder, port }).catch((thrown: unknown) => {
    if (port === 0) throw thrown;
    return registry.startRegistry({ folder });
  });
  return { host: running.address, close: running.close };
}

async function passingRegistry(): Promise<OwnRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'local-registry-'));
  const running = await registry.startRegistry({ folder });
  return {
    host: running.address,
    close: async () => {
      await running.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
