import type { JobRecord, ServiceRecord, World } from '../control/world.ts';
import { faultFacts } from './facts/fault-facts.ts';
import { type JobFacts, jobFacts } from './facts/job-facts.ts';
import { newestOperations } from './facts/operation-facts.ts';
import { currentRevisions, type Sources } from './facts/revision-facts.ts';
import { serviceFacts } from './facts/service-facts.ts';
import { newestWorkerPools } from './facts/worker-pool-facts.ts';
import type { Overview } from './pages/overview-page.ts';
import { isErring } from './traffic-reading.ts';
import type { Watched } from './watched.ts';

const MOST_SERVICES = 50;
const MOST_JOBS = 50;
const MOST_OPERATIONS = 8;

export function overviewOf(
  sources: Sources,
  { faults, calls }: Pick<Watched, 'faults' | 'calls'>,
): Omit<Overview, 'token'> {
  const { world, nowMs } = sources;
  const services = mostUrgent(sources);
  return {
    nowMs,
    services: services.map((service) => serviceFacts(sources, service, currentRevisions(world, service))),
    moreServices: world.services.size - services.length,
    jobs: [...world.jobs.values()].slice(-MOST_JOBS).map((job) => withLast(world, job)),
    workerPools: newestWorkerPools(world, MOST_JOBS),
    operations: newestOperations(world, MOST_OPERATIONS),
    faults: faults.list().map(faultFacts),
    calls: calls.all().length,
  };
}

/** Chosen before anything else is read of them: a page is made every two seconds, of however many services there are. */
function mostUrgent(sources: Sources): readonly ServiceRecord[] {
  return [...sources.world.services.values()]
    .map((service) => ({ service, urgency: urgencyOf(sources, service) }))
    .sort((a, b) => b.urgency - a.urgency || b.service.updateMicros - a.service.updateMicros)
    .slice(0, MOST_SERVICES)
    .map(({ service }) => service);
}

/** What needs a look comes first: errors, then failures, then what is under way, then what has requests. */
function urgencyOf({ history, nowMs }: Sources, { progress, serving }: ServiceRecord): number {
  const slots = (serving?.routes.targets ?? []).map(({ revision }) => history.slots(revision));
  if (slots.some((one) => isErring(one, nowMs))) return 4;
  if (progress.kind === 'failed') return 3;
  if (progress.kind === 'reconciling') return 2;
  return slots.some((one) => (one.at(-1)?.startMs ?? 0) > nowMs - 60_000) ? 1 : 0;
}

function withLast(world: World, job: JobRecord): JobFacts {
  const last = world.executions.get(job.latestExecution ?? '');
  return jobFacts(job, last === undefined ? [] : [last]);
}
