import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as registry from './registry/index.ts';

/** The container registry of one local cloud; what it holds goes with it. */
export async function startRegistry(now: () => number): Promise<{
  readonly host: string;
  readonly contents: registry.Registry;
  readonly close: () => Promise<void>;
}> {
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
