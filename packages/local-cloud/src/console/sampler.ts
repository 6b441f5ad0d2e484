import type { Clock } from '@fairlead/action-kit';

import type { World } from '../control/world.ts';
import type { DataPlane, RevisionStats } from '../data-plane.ts';
import { type TrafficChanges, trafficChanges } from './traffic-changes.ts';
import { type Counts, SLOT_MS, type TrafficHistory, trafficHistory } from './traffic-history.ts';

/** Reads what the router counts, every five seconds, for as long as it is open. */
export interface Sampler extends Disposable {
  readonly history: TrafficHistory;
  readonly changes: TrafficChanges;
  /** Reads once more now, so that a page shows what has just come. */
  readonly sample: () => void;
}

export function startSampler(parts: Observed): Sampler {
  const history = trafficHistory();
  const changes = trafficChanges();
  const sample = () => {
    recordCounts(parts, history);
    recordShares(parts, changes);
  };
  sample();
  // The machine's time, as requests take it whatever a test does with the clock: one that is turned would make this run without end.
  const ticking = setInterval(sample, SLOT_MS).unref();
  return {
    history,
    changes,
    sample,
    [Symbol.dispose]: () => {
      clearInterval(ticking);
    },
  };
}

interface Observed {
  readonly world: World;
  readonly plane: DataPlane;
  readonly clock: Clock;
}

function recordCounts({ world, plane, clock }: Observed, history: TrafficHistory): void {
  for (const revision of new Set([...reachable(world), ...history.revisions()])) {
    const stats = plane.stats(revision);
    if (!world.revisions.has(revision) || stats === undefined) history.forget(revision);
    else history.record(revision, clock.now(), countsOf(stats));
  }
}

function recordShares({ world, clock }: Observed, changes: TrafficChanges): void {
  for (const { name, serving } of world.services.values())
    if (serving !== undefined) changes.record(name, clock.now(), serving.routes.targets);
  changes.keepOnly((service) => world.services.has(service));
}

/** Full names of the revisions that requests can reach: no other is counted anew, however many there are. */
function reachable(world: World): readonly string[] {
  return [...world.services.values()].flatMap(({ serving }) =>
    [...(serving?.routes.targets ?? []), ...(serving?.routes.tags ?? [])].map(({ revision }) => revision),
  );
}

function countsOf({ requests, byShare, byClass }: RevisionStats): Counts {
  return { requests, byShare, refused: byClass['4xx'], errors: byClass['5xx'] };
}
