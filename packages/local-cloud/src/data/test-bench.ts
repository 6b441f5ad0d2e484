import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DataPlane } from '../data-plane.ts';
import { type DataPlaneOptions, processDataPlane } from './index.ts';
import type { LayerFiles } from './test-image.ts';
import { type TestRegistry, testRegistry } from './test-registry.ts';

/** Unlike that of any other test running now: a data plane ends what an earlier one of its id has left. */
export const testId = `test-${process.pid}`;

export interface Bench extends AsyncDisposable {
  readonly plane: DataPlane;
  readonly registry: TestRegistry;
  readonly cacheFolder: string;
  /** An image whose `/app/main.mjs` is this program. */
  readonly program: (source: string, files?: LayerFiles) => Promise<string>;
}

/** A data plane of real processes with a registry and a cache of its own; all of it is gone afterwards. */
export async function bench(options: Partial<DataPlaneOptions> = {}): Promise<Bench> {
  const registry = await testRegistry();
  const cacheFolder = await mkdtemp(join(tmpdir(), 'fairlead-images-'));
  const plane = await processDataPlane({ id: testId, cacheFolder, graceMs: 500, ...options });
  return {
    plane,
    registry,
    cacheFolder,
    program: (source, files = {}) =>
      registry.add('web', {
        layers: [{ 'app/main.mjs': source, ...files }],
        config: {
          Entrypoint: ['/usr/local/bin/node', '/app/main.mjs'],
          Env: ['FROM_IMAGE=yes'],
          WorkingDir: '/app',
        },
      }),
    [Symbol.asyncDispose]: async () => {
      await plane.close();
      await registry[Symbol.asyncDispose]();
      await rm(cacheFolder, { recursive: true });
    },
  };
}
