import { notFound, shortName } from '../names.ts';
import {
  failOperation,
  finishOperation,
  type Operation,
  startOperation,
  typed,
  unsavedOperation,
} from '../operations.ts';
import { checkRunning } from '../quotas.ts';
import type { Job } from '../resources.ts';
import { taskContainers } from '../runtime-spec.ts';
import { without } from '../without.ts';
import type { ExecutionRecord, Failure, JobRecord, World } from '../world.ts';
import { jobView } from './job-view.ts';
import { addExecution, launch } from './run-execution.ts';
import { answerWhenDone } from './settle-execution.ts';

/** A write of a job whose fields have been checked. */
export interface JobWrite {
  readonly name: string;
  readonly spec: Job;
  readonly before?: JobRecord;
  readonly validateOnly: boolean;
}

/** The one way into the store. A job that names an execution by a token has it run. */
export function writeJob(world: World, { name, spec, before, validateOnly }: JobWrite): Operation {
  const micros = world.now();
  const failure = secretsFailure(world, name, spec);
  const token = spec.runExecutionToken ?? spec.startExecutionToken;
  const execution = token === undefined ? undefined : `${name}/executions/${shortName(name)}-${token}`;
  if (execution !== undefined && !world.executions.has(execution)) checkRunning(world, name);
  const job: JobRecord = {
    ...(before === undefined
      ? { uid: world.ids.uuid(), createMicros: micros, executionCount: 0 }
      : without(before, 'failure', 'awaited')),
    name,
    spec,
    generation: (before?.generation ?? 0) + 1,
    updateMicros: micros,
    ...(failure === undefined ? {} : { failure }),
    ...(spec.runExecutionToken === undefined || execution === undefined ? {} : { awaited: execution }),
  };
  const metadata = typed('Job', jobView(world, job));
  if (validateOnly) return unsavedOperation(world, name, metadata);
  const operation = startOperation(world, name, metadata);
  world.jobs.set(name, { ...job, lastOperation: operation.name });
  if (failure !== undefined) failOperation(world, operation.name, failure);
  else if (execution === undefined) finishOperation(world, operation.name, metadata);
  else runKeyed(world, job, { execution, operation: operation.name });
  return operation;
}

/** The execution that a token names is started once: the same token again finds it, whatever became of it. */
function runKeyed(
  world: World,
  job: JobRecord,
  { execution, operation }: { readonly execution: string; readonly operation: string },
): void {
  const isNew = !world.executions.has(execution);
  if (isNew) begin(world, { name: execution, job: job.name, template: job.spec.template ?? {} });
  if (job.spec.runExecutionToken !== undefined)
    answerWhenDone(world, execution, { operation, answer: 'job' });
  if (isNew) launch(world, execution);
  if (job.spec.runExecutionToken === undefined)
    finishOperation(world, operation, typed('Job', jobView(world, jobAt(world, job.name))));
}

/** Stores a pending execution of a job, which counts it. */
export function begin(world: World, wanted: Parameters<typeof addExecution>[1]): ExecutionRecord {
  const job = jobAt(world, wanted.job);
  const execution = addExecution(world, wanted);
  world.jobs.set(job.name, {
    ...job,
    executionCount: job.executionCount + 1,
    latestExecution: execution.name,
  });
  return execution;
}

/** Throws NOT_FOUND. */
export function jobAt(world: World, name: string): JobRecord {
  const job = world.jobs.get(name);
  if (job === undefined) throw notFound('JOB', name);
  return job;
}

function secretsFailure(
  world: World,
  name: string,
  { template = {} }: Pick<Job, 'template'>,
): Failure | undefined {
  const { secrets } = world;
  const spec = taskContainers(template.template ?? {}, { resource: name, job: name, secrets });
  if (spec.kind === 'resolved') return undefined;
  return {
    status: 'FAILED_PRECONDITION',
    reason: 'SECRETS_ACCESS_CHECK_FAILED',
    message: spec.message,
  };
}
