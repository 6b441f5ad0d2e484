import { createJob, deleteJob, getJob, listJobs, runJob, updateJob } from '../control/jobs/jobs.ts';
import type { Operation } from '../control/operations.ts';
import type { Job } from '../control/resources.ts';
import { transition } from '../http/cloud.ts';
import { readJson } from '../http/query.ts';
import type { ApiReply, Route } from '../http/route.ts';
import { checkAnnotations, checkMetadata } from './check-metadata.ts';
import { CONTAINER_OVERRIDE } from './container.ts';
import { seconds } from './codecs.ts';
import { viewExecution } from './executions-api.ts';
import { jobToV1, jobToV2 } from './job-message.ts';
import { keepUnsaid } from './keep-unsaid.ts';
import { type Call, type KnativeCloud, namespaced, type Target } from './knative-route.ts';
import { KNOWN_ANNOTATIONS } from './known-annotations.ts';
import { everyPage, listReply } from './list-reply.ts';
import {
  at,
  list as listCodec,
  message,
  type Message,
  messageOf,
  pair,
  type Pair,
  textOf,
  toV2,
} from './mapping.ts';
import { placesOf } from './places.ts';
import { readV1 } from './read-v1.ts';
import { etagOfVersion } from './resource-version.ts';
import { deletedReply } from './status-reply.ts';
import { isDryRun } from './write-query.ts';

const GROUP = 'run.googleapis.com';

/** `run.googleapis.com/v1` jobs. */
export function jobRoutes(cloud: KnativeCloud): readonly Route[] {
  return [
    namespaced(cloud, GROUP, [call('GET', 'jobs', 'ListJobs', 'list'), (target) => list(cloud, target)]),
    namespaced(cloud, GROUP, [
      call('POST', 'jobs', 'CreateJob', 'create'),
      (target) => create(cloud, target),
    ]),
    namespaced(cloud, GROUP, [call('GET', 'jobs/*', 'GetJob', 'get'), (target) => get(cloud, target)]),
    namespaced(cloud, GROUP, [
      call('PUT', 'jobs/*', 'ReplaceJob', 'update'),
      (target) => replace(cloud, target),
    ]),
    namespaced(cloud, GROUP, [
      call('DELETE', 'jobs/*', 'DeleteJob', 'delete'),
      (target) => remove(cloud, target),
    ]),
    namespaced(cloud, GROUP, [call('POST', 'jobs/*:run', 'RunJob', 'run'), (target) => run(cloud, target)]),
  ];
}

function call(method: string, ...[path, rpc, verb]: readonly [string, string, string]): Call {
  return { method, path, rpc: `Jobs.${rpc}`, permission: `run.jobs.${verb}` };
}

function viewJob({ world }: KnativeCloud, job: object): Message {
  const message = messageOf(job);
  return jobToV1(message, world.jobs.get(textOf(message['name']))?.lastOperation);
}

function list(cloud: KnativeCloud, { request, parent }: Target): ApiReply {
  const { world } = cloud;
  const jobs = placesOf(world.jobs.keys(), parent)
    .flatMap((place) => everyPage((page) => listJobs(world, place, page)))
    .map((job) => viewJob(cloud, job));
  return listReply(request, { apiVersion: `${GROUP}/v1`, kind: 'JobList' }, jobs);
}

function get(cloud: KnativeCloud, { parent, name }: Target): ApiReply {
  return { status: 200, body: viewJob(cloud, getJob(cloud.world, `${parent}/jobs/${name}`)) };
}

function create(cloud: KnativeCloud, target: Target): ApiReply {
  const body = readBody(target);
  const jobId = textOf(at(body, ['metadata', 'name']));
  checkMetadata(body, { parent: target.parent, name: jobId });
  const { parent, request } = target;
  const operation = transition(cloud, (world) =>
    createJob(world, { parent, jobId, job: jobToV2(body), validateOnly: isDryRun(request) }),
  );
  return written(cloud, operation, target);
}

function replace(cloud: KnativeCloud, target: Target): ApiReply {
  const body = readBody(target);
  checkMetadata(body, target);
  const name = `${target.parent}/jobs/${target.name}`;
  const etag = etagOfVersion(textOf(at(body, ['metadata', 'resourceVersion'])), name);
  const operation = transition(cloud, (world) => {
    const job = rewritten(messageOf(getJob(world, name)), body);
    const validateOnly = isDryRun(target.request);
    return updateJob(world, { name, job: { ...job, etag }, validateOnly, allowMissing: false });
  });
  return written(cloud, operation, target);
}

function remove(cloud: KnativeCloud, { request, parent, name: short }: Target): ApiReply {
  const name = `${parent}/jobs/${short}`;
  const job = messageOf(getJob(cloud.world, name));
  const operation = transition(cloud, (world) => deleteJob(world, { name, validateOnly: isDryRun(request) }));
  return deletedReply('job', job, operation);
}

const OVERRIDES: readonly Pair[] = [
  pair('taskCount', 'taskCount'),
  pair('timeoutSeconds', 'timeout', seconds),
  pair('containerOverrides', 'containerOverrides', listCodec(message(CONTAINER_OVERRIDE))),
];

function run(cloud: KnativeCloud, { request, parent, name }: Target): ApiReply {
  const { overrides } = readV1('RunJobRequest', readJson(request));
  const operation = transition(cloud, (world) =>
    runJob(world, {
      name: `${parent}/jobs/${name}`,
      validateOnly: false,
      ...(overrides === undefined ? {} : { overrides: toV2(OVERRIDES, messageOf(overrides)) }),
    }),
  );
  const execution = viewExecution(cloud.world, textOf(messageOf(operation.metadata)['name']));
  const permission = overrides === undefined ? 'run.jobs.run' : 'run.jobs.runWithOverrides';
  return { status: 200, body: execution, permission };
}

function readBody({ request }: Target): Message {
  const body = readV1('Job', readJson(request));
  checkAnnotations('metadata.annotations', at(body, ['metadata', 'annotations']), {
    kind: 'Job',
    known: KNOWN_ANNOTATIONS.Job,
  });
  checkAnnotations(
    'spec.template.metadata.annotations',
    at(body, ['spec', 'template', 'metadata', 'annotations']),
    {
      kind: 'Execution',
      known: KNOWN_ANNOTATIONS.Execution,
    },
  );
  return body;
}

function rewritten(stored: Message, body: Message): Job {
  const seen = messageOf(jobToV2(jobToV1(stored)));
  return keepUnsaid({ stored, seen, written: messageOf(jobToV2(body)) });
}

/** The job as it is now; what it would be when nothing was to be done. */
function written(cloud: KnativeCloud, operation: Operation, { request }: Target): ApiReply {
  const job = messageOf(operation.metadata);
  if (isDryRun(request)) return { status: 200, body: jobToV1(job) };
  return { status: 200, body: viewJob(cloud, getJob(cloud.world, textOf(job['name']))) };
}
