import { placeOf, shortName } from '../../control/names.ts';
import type { Condition } from '../../control/resources.ts';
import { workerPoolView } from '../../control/worker-pools/worker-pool-view.ts';
import type { WorkerPoolRecord, World } from '../../control/world.ts';
import { withoutLogsUrl } from '../words.ts';
import { stateOf } from './progress-state.ts';
import type { State } from './state.ts';

/** A worker pool and what it is to run. */
export interface WorkerPoolFacts {
  /** The full resource name. */
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly state: State;
  /** Why it is not ready. */
  readonly message?: string;
  /** How many instances it is to have. */
  readonly instances: number;
  /** Short name of the revision that was made last. */
  readonly newest: string;
  readonly image: string;
  readonly conditions: readonly Condition[];
}

/** The newest first. */
export function newestWorkerPools(world: World, most: number): readonly WorkerPoolFacts[] {
  return [...world.workerPools.values()]
    .slice(-most)
    .reverse()
    .map((pool) => workerPoolFacts(world, pool));
}

export function workerPoolFacts(world: World, pool: WorkerPoolRecord): WorkerPoolFacts {
  const { name, latestCreated, spec, progress = { kind: 'ready' } } = pool;
  const { terminalCondition, conditions = [] } = workerPoolView(world, pool);
  return {
    id: name,
    name: shortName(name),
    region: placeOf(name).location,
    state: stateOf(progress),
    ...(progress.kind === 'failed' ? { message: withoutLogsUrl(progress.failure.message) } : {}),
    instances: spec.scaling?.manualInstanceCount ?? 1,
    newest: shortName(latestCreated),
    image: spec.template?.containers?.[0]?.image ?? '',
    conditions: [...(terminalCondition === undefined ? [] : [terminalCondition]), ...conditions],
  };
}
