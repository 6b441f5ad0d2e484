import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startCloud } from './child.ts';
import { measurement, type Measurement } from './measurement.ts';
import { createServices } from './seed.ts';
import type { Sizes } from './sizes.ts';

/** What a state file costs: calls over HTTP that make revisions and wait for them, with one and without. */
export async function measureState({ services }: Sizes): Promise<readonly Measurement[]> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fairlead-bench-'));
  const without = await callsPerSecond(services);
  const kept = await callsPerSecond(services, '--state', join(folder.path, 'state'));
  return [
    measurement({
      name: 'calls with a state file',
      value: kept,
      unit: '1/s',
      peer: { what: 'without one', value: without },
    }),
  ];
}

async function callsPerSecond(services: number, ...args: readonly string[]): Promise<number> {
  await using cloud = await startCloud(...args);
  const startedMs = performance.now();
  await createServices(cloud.url, { services, revisionsPerService: 2 });
  return (services * 4 * 1000) / (performance.now() - startedMs);
}
