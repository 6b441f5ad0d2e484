import { createJob, deleteJob, getJob, listJobs, runJob, updateJob } from '../control/jobs/jobs.ts';
import type { Job, RunOverrides } from '../control/resources.ts';
import { transition } from '../http/cloud.ts';
import { method, type Methods } from './method.ts';
import {
  deleteIn,
  listReply,
  type ListRequest,
  type NameRequest,
  pageIn,
  regionIn,
  type RemoveRequest,
} from './requests.ts';

const JOBS = 'google.cloud.run.v2.Jobs';

interface CreateJobRequest {
  readonly parent?: string;
  readonly job?: Job;
  readonly jobId?: string;
  readonly validateOnly?: boolean;
}

interface UpdateJobRequest {
  readonly job?: Job;
  readonly validateOnly?: boolean;
  readonly allowMissing?: boolean;
}

interface RunJobRequest extends RemoveRequest {
  readonly overrides?: RunOverrides;
}

/** google.cloud.run.v2.Jobs without its IAM methods. */
export const JOB_METHODS: Methods = {
  [`${JOBS}.CreateJob`]: method('run.jobs.create', (request: CreateJobRequest, call) => {
    const { parent = '', jobId = '', job = {}, validateOnly = false } = request;
    return transition(call, (world) => createJob(world, { parent, jobId, job, validateOnly }));
  }),
  [`${JOBS}.GetJob`]: method('run.jobs.get', ({ name = '' }: NameRequest, { world }) => getJob(world, name)),
  [`${JOBS}.ListJobs`]: method('run.jobs.list', (request: ListRequest, { world }) =>
    listReply('jobs', listJobs(world, regionIn('ListJobs', request), pageIn(request))),
  ),
  [`${JOBS}.UpdateJob`]: method('run.jobs.update', (request: UpdateJobRequest, call) => {
    const { job = {}, validateOnly = false, allowMissing = false } = request;
    return transition(call, (world) =>
      updateJob(world, { name: job.name ?? '', job, validateOnly, allowMissing }),
    );
  }),
  [`${JOBS}.DeleteJob`]: method('run.jobs.delete', (request: RemoveRequest, call) =>
    transition(call, (world) => deleteJob(world, deleteIn(request))),
  ),
  [`${JOBS}.RunJob`]: method(
    ({ overrides }) => (overrides === undefined ? 'run.jobs.run' : 'run.jobs.runWithOverrides'),
    (request: RunJobRequest, call) => {
      const { overrides } = request;
      const wanted = { ...deleteIn(request), ...(overrides === undefined ? {} : { overrides }) };
      return transition(call, (world) => runJob(world, wanted));
    },
  ),
};
