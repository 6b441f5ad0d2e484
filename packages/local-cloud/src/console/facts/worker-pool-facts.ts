import { placeOf, shortName } from '../../control/names.ts';
import type { World } from '../../control/world.ts';

/** A worker pool and what it is to run. */
export interface WorkerPoolFacts {
  readonly name: string;
  readonly region: string;
  /** Short name of the revision that was made last. */
  readonly newest: string;
  readonly image: string;
}

/** The newest first. */
export function workerPoolFacts(world: World, most: number): readonly WorkerPoolFacts[] {
  return [...world.workerPools.values()]
    .slice(-most)
    .reverse()
    .map(({ name, latestCreated, spec }) => ({
      name: shortName(name),
      region: placeOf(name).location,
      newest: shortName(latestCreated),
      image: spec.template?.containers?.[0]?.image ?? '',
    }));
}
