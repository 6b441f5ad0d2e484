import { alreadyExists, violation } from '../cloud-error.ts';
import { deleted, keepDeleted } from '../deleted.ts';
import { checkEtag } from '../etag.ts';
import { listed } from '../listed.ts';
import { isDnsLabel, notFound, shortName } from '../names.ts';
import { finishOperation, type Operation, startOperation, typed, unsavedOperation } from '../operations.ts';
import type { Page } from '../paging.ts';
import { checkRoom, checkRunning } from '../quotas.ts';
import type { CreateJob, DeleteRequest, RunJob, UpdateJob } from '../requests.ts';
import type { Job } from '../resources.ts';
import { withExecutionDefaults } from '../template.ts';
import { checkKeys, checkTaskTemplate, checkWithin } from '../validate.ts';
import { without } from '../without.ts';
import type { JobRecord, World } from '../world.ts';
import { executionView } from './execution-view.ts';
import { removeExecution } from './executions.ts';
import { jobView } from './job-view.ts';
import { withOverrides } from './overrides.ts';
import { launch } from './run-execution.ts';
import { answerWhenDone } from './settle-execution.ts';
import { begin, jobAt, writeJob } from './write-job.ts';

const MAX_NAME = 63;

const USER_FIELDS: readonly string[] = [
  'labels',
  'annotations',
  'client',
  'clientVersion',
  'launchStage',
  'binaryAuthorization',
  'template',
  'startExecutionToken',
  'runExecutionToken',
];

export function createJob(world: World, request: CreateJob): Operation {
  const { parent, jobId, job } = request;
  if (!isDnsLabel(jobId, MAX_NAME))
    throw violation(
      'CreateJobRequest.job_id',
      `must be lower-case letters, digits and '-', begin with a letter and have at most ${MAX_NAME} characters, got '${jobId}'.`,
    );
  if (job.name !== undefined)
    throw violation('CreateJobRequest.job', 'job.name must be empty on CreateJobRequest.');
  const name = `${parent}/jobs/${jobId}`;
  if (world.jobs.has(name)) throw alreadyExists(jobId);
  checkRoom(world, 'jobs', name);
  const spec = specOf('CreateJobRequest.job', name, job);
  return writeJob(world, { name, spec, validateOnly: request.validateOnly });
}

/** Replaces all that a user may write: jobs have no update mask. */
export function updateJob(world: World, request: UpdateJob): Operation {
  const { name, job, validateOnly } = request;
  const before = world.jobs.get(name);
  if (before === undefined && !request.allowMissing) throw notFound('JOB', name);
  if (before === undefined) {
    const parent = name.split('/jobs/')[0] ?? '';
    return createJob(world, {
      parent,
      jobId: shortName(name),
      job: without(job, 'name', 'etag'),
      validateOnly,
    });
  }
  checkEtag(job.etag, before);
  return writeJob(world, { name, spec: specOf('UpdateJobRequest.job', name, job), before, validateOnly });
}

export function getJob(world: World, name: string): object {
  return jobView(world, jobAt(world, name));
}

/** Newest first. */
export function listJobs(
  world: World,
  parent: string,
  page: Page,
): { readonly items: readonly object[]; readonly nextPageToken?: string } {
  const records = [...world.jobs.values()].filter(({ name }) => name.startsWith(`${parent}/jobs/`));
  const view = (job: JobRecord) => jobView(world, job);
  return listed(world, { parent, collection: 'jobs', records, view }, page);
}

export function deleteJob(world: World, request: DeleteRequest): Operation {
  const job = jobAt(world, request.name);
  checkEtag(request.etag, job);
  const micros = world.now();
  const left = deleted(jobView(world, job), micros);
  const metadata = typed('Job', left);
  if (request.validateOnly) return unsavedOperation(world, request.name, metadata);
  const operation = startOperation(world, request.name, metadata);
  const executions = [...world.executions.values()].filter((execution) => execution.job === request.name);
  const views = executions.map((execution) => deleted(executionView(execution), micros));
  keepDeleted(world, operation.name, [...views, left]);
  world.jobs.delete(request.name);
  world.policies.delete(request.name);
  for (const execution of executions) removeExecution(world, execution);
  finishOperation(world, operation.name, metadata);
  return operation;
}

/** Starts one execution under a generated name; the operation is done when the execution is. */
export function runJob(world: World, request: RunJob): Operation {
  const job = jobAt(world, request.name);
  checkEtag(request.etag, job);
  const template = withOverrides(job.spec.template ?? {}, request.overrides ?? {});
  checkRunning(world, request.name);
  if (request.validateOnly) return unsavedOperation(world, job.name, typed('Job', jobView(world, job)));
  const name = `${job.name}/executions/${shortName(job.name)}-${world.ids.suffix(5)}`;
  const execution = begin(world, { name, job: job.name, template });
  const operation = startOperation(world, job.name, typed('Execution', executionView(execution)));
  answerWhenDone(world, name, { operation: operation.name, answer: 'execution' });
  launch(world, name);
  return operation;
}

function specOf(at: string, name: string, job: Job): Job {
  checkKeys(`${at}.labels`, job.labels);
  checkKeys(`${at}.annotations`, job.annotations);
  const { template } = job;
  if (template?.template === undefined) throw violation(`${at}.template`, 'should be set.');
  checkTaskTemplate(`${at}.template.template`, template.template);
  checkWithin(`${at}.template.task_count`, template.taskCount, [1, 10_000]);
  checkToken(at, name, job.runExecutionToken ?? job.startExecutionToken);
  const fields = Object.entries(job).filter(([field]) => USER_FIELDS.includes(field));
  return {
    launchStage: 'GA',
    ...Object.fromEntries(fields),
    template: withExecutionDefaults(template, name),
  };
}

function checkToken(at: string, name: string, token: string | undefined): void {
  if (token === undefined) return;
  if (!isDnsLabel(`${shortName(name)}-${token}`, MAX_NAME - 1))
    throw violation(
      `${at}.run_execution_token`,
      `job name and token must be lower-case letters, digits and '-' and together fewer than ${MAX_NAME} characters, got '${token}'.`,
    );
}
