import { placeOf, shortName } from '../control/names.ts';
import type { ExecutionRecord, TaskRecord } from '../control/world.ts';
import type { LogLine } from '../data-plane.ts';
import { executionFacts } from './facts/job-facts.ts';
import type { Sources } from './facts/revision-facts.ts';
import type { ExecutionReport } from './pages/execution-page.ts';

/** `asked` is the index of the task whose log is to be shown; unless it is one of them, that of all. */
export function executionReportOf(
  { plane, nowMs }: Pick<Sources, 'plane' | 'nowMs'>,
  execution: ExecutionRecord,
  asked?: string,
): ExecutionReport {
  const { job, tasks, name } = execution;
  const task = tasks.find(({ index }) => String(index) === asked);
  return {
    nowMs,
    job: { id: job, name: shortName(job), region: placeOf(job).location },
    execution: executionFacts(execution),
    ...(task === undefined ? {} : { chosen: task.index }),
    log: task === undefined ? plane.logs({ execution: name }) : logOf(plane, task),
  };
}

/** Of all its attempts, which the data plane knows one by one. */
function logOf(plane: Sources['plane'], { name, attempt }: TaskRecord): readonly LogLine[] {
  return Array.from({ length: attempt + 1 }, (_, index) => plane.logs({ task: `${name}#${index}` })).flat();
}
