import { shortName } from '../control/names.ts';
import type { WorkerPoolRecord } from '../control/world.ts';
import type { Sources } from './facts/revision-facts.ts';
import { workerPoolFacts } from './facts/worker-pool-facts.ts';
import type { WorkerPoolReport } from './pages/worker-pool-page.ts';

const MOST_REVISIONS = 12;

/** `asked` is the short name of the revision whose log is to be shown; unless it is one of them, the newest. */
export function workerPoolReportOf(
  { world, plane, nowMs }: Pick<Sources, 'world' | 'plane' | 'nowMs'>,
  pool: WorkerPoolRecord,
  asked?: string,
): WorkerPoolReport {
  const own = [...world.workerPoolRevisions.values()].filter(({ workerPool }) => workerPool === pool.name);
  const revisions = own.reverse().slice(0, MOST_REVISIONS);
  const chosen = revisions.find(({ name }) => shortName(name) === asked)?.name ?? pool.latestCreated;
  return {
    nowMs,
    pool: workerPoolFacts(world, pool),
    revisions: revisions.map(({ name }) => shortName(name)),
    chosen: shortName(chosen),
    log: plane.logs({ revision: chosen }),
  };
}
