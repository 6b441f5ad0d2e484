import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as registry from './registry/index.ts';

/** The container registry of one local cloud; what it holds goes with it. */
export async function startRegistry(): Promise<{
  readonly host: string;
  readonly close: () => Promise<void>;
}> {
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
