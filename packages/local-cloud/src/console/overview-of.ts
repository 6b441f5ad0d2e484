import type { JobRecord, World } from '../control/world.ts';
import { faultFacts } from './facts/fault-facts.ts';
import { type JobFacts, jobFacts } from './facts/job-facts.ts';
import { newestOperations } from './facts/operation-facts.ts';
import { currentRevisions, type Sources } from './facts/revision-facts.ts';
import { type ServiceFacts, serviceFacts } from './facts/service-facts.ts';
import type { Overview } from './pages/overview-page.ts';
import type { Watched } from './watched.ts';

const MOST_SERVICES = 50;
const MOST_JOBS = 50;
const MOST_OPERATIONS = 8;

export function overviewOf(
  sources: Sources,
  { faults, calls }: Pick<Watched, 'faults' | 'calls'>,
): Omit<Overview, 'token'> {
  const { world, nowMs } = sources;
  const services = [...world.services.values()]
    .map((service) => serviceFacts(sources, service, currentRevisions(world, service)))
    .sort((a, b) => urgency(b) - urgency(a) || a.name.localeCompare(b.name));
  return {
    nowMs,
    services: services.slice(0, MOST_SERVICES),
    moreServices: Math.max(0, services.length - MOST_SERVICES),
    jobs: [...world.jobs.values()].slice(-MOST_JOBS).map((job) => withLast(world, job)),
    operations: newestOperations(world, MOST_OPERATIONS),
    faults: faults.list().map(faultFacts),
    calls: calls.all().length,
  };
}

/** What needs a look comes first: errors, then failures, then what is under way, then what has requests. */
function urgency({ state, revisions }: ServiceFacts): number {
  if (revisions.some(({ erring }) => erring !== undefined)) return 4;
  if (state.tone === 'bad') return 3;
  if (state.tone === 'busy') return 2;
  return revisions.some(({ lastMinute }) => lastMinute.requests > 0) ? 1 : 0;
}

function withLast(world: World, job: JobRecord): JobFacts {
  const last = world.executions.get(job.latestExecution ?? '');
  return jobFacts(job, last === undefined ? [] : [last]);
}
