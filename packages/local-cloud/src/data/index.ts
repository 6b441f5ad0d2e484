import type { DataPlane } from '../data-plane.ts';
import { echoEngine } from './echo-engine.ts';
import { dataPlaneOver, type DataPlaneOptions } from './plane.ts';

export type { DataPlaneOptions } from './plane.ts';
export { seededRandom } from './seeded-random.ts';

/** `--containers=none`: revisions are ready at once and answer 200 with `{"revision": …}`; tasks end with 0. */
export function echoDataPlane(options: DataPlaneOptions): Promise<DataPlane> {
  return dataPlaneOver(echoEngine(), options);
}
