import { type CloudRun, conditionNamed, type Execution, type JobName, type Task } from '@fairlead/cloud-run';
import {
  type Condition,
  type ExecutionFacts,
  type ExecutionVerdict,
  judgeExecution,
} from '@fairlead/migrations';

type Reading = Pick<CloudRun, 'getExecution' | 'listTasks'>;

/** The verdict on the named execution; undefined when there is none of that name. */
export async function verdictOn(
  cloud: Reading,
  job: JobName,
  execution: string,
): Promise<ExecutionVerdict | undefined> {
  const found = await cloud.getExecution(job, execution);
  if (found === undefined) return undefined;
  const first = judgeExecution(factsOf(found, []));
  if (first.kind === 'running' || first.kind === 'cancelled') return first;
  return judgeExecution(factsOf(found, await cloud.listTasks(job, execution)));
}

function factsOf(execution: Execution, tasks: readonly Task[]): ExecutionFacts {
  const completed = conditionOf(execution);
  return {
    ...execution,
    ...(completed === undefined ? {} : { completed }),
    attempts: tasks.flatMap(({ lastAttempt }) =>
      lastAttempt === undefined
        ? []
        : [{ exitCode: lastAttempt.exitCode, signal: lastAttempt.termSignal, message: lastAttempt.message }],
    ),
  };
}

const STATES = {
  PENDING: 'pending',
  RECONCILING: 'reconciling',
  FAILED: 'failed',
  SUCCEEDED: 'succeeded',
  UNKNOWN: 'unknown',
} as const;

function conditionOf({ conditions }: Execution): Condition | undefined {
  const found = conditionNamed(conditions, 'Completed');
  if (found === undefined) return undefined;
  const { state, reason, message } = found;
  return {
    state: STATES[state],
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
}
