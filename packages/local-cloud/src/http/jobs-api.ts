import {
  cancelExecution,
  deleteExecution,
  getExecution,
  getTask,
  listExecutions,
  listTasks,
} from '../control/executions.ts';
import { createJob, deleteJob, getJob, listJobs, runJob, updateJob } from '../control/jobs.ts';
import type { RunJob } from '../control/requests.ts';
import { type Cloud, transition } from './cloud.ts';
import { readDelete } from './delete-request.ts';
import { readMessage } from './proto-json.ts';
import { flag, page, readJson, readQuery } from './query.ts';
import { listReply, messageReply, operationReply } from './replies.ts';
import { type ApiRequest, resourceRoute, type Route } from './route.ts';

const RUN = 'google.cloud.run.v2';
const JOBS = '/v2/projects/*/locations/*/jobs';
const EXECUTIONS = `${JOBS}/*/executions` as const;
const TASKS = `${EXECUTIONS}/*/tasks` as const;

/** google.cloud.run.v2.Jobs, Executions and Tasks. */
export function jobRoutes(cloud: Cloud): readonly Route[] {
  return [...jobWrites(cloud), ...jobReads(cloud), ...executionRoutes(cloud), ...taskRoutes(cloud)];
}

function jobWrites(cloud: Cloud): readonly Route[] {
  return [
    resourceRoute('POST', JOBS, (request, collection) => {
      const { jobId = '', validateOnly } = readQuery(request, ['jobId', 'validateOnly']);
      const operation = transition(cloud, (world) =>
        createJob(world, {
          parent: collection.slice(0, -'/jobs'.length),
          jobId,
          job: readMessage(`${RUN}.Job`, readJson(request)),
          validateOnly: flag('validateOnly', validateOnly),
        }),
      );
      return operationReply(request, operation);
    }),
    resourceRoute('PATCH', `${JOBS}/*`, (request, name) => {
      const { validateOnly, allowMissing } = readQuery(request, ['validateOnly', 'allowMissing']);
      const operation = transition(cloud, (world) =>
        updateJob(world, {
          name,
          job: readMessage(`${RUN}.Job`, readJson(request)),
          validateOnly: flag('validateOnly', validateOnly),
          allowMissing: flag('allowMissing', allowMissing),
        }),
      );
      return operationReply(request, operation);
    }),
    resourceRoute('POST', `${JOBS}/*:run`, (request, name) => {
      const body = readMessage(`${RUN}.RunJobRequest`, readJson(request)) as Partial<RunJob>;
      const operation = transition(cloud, (world) => runJob(world, { validateOnly: false, ...body, name }));
      return operationReply(request, operation);
    }),
    resourceRoute('DELETE', `${JOBS}/*`, (request, name) => {
      const operation = transition(cloud, (world) => deleteJob(world, readDelete(request, name)));
      return operationReply(request, operation);
    }),
  ];
}

function jobReads({ world }: Cloud): readonly Route[] {
  return [
    resourceRoute('GET', JOBS, (request, collection) => {
      const query = readQuery(request, ['pageSize', 'pageToken', 'showDeleted']);
      const jobs = listJobs(world, collection.slice(0, -'/jobs'.length), page(query));
      return listReply(request, { field: 'jobs', type: 'Job' }, jobs);
    }),
    resourceRoute('GET', `${JOBS}/*`, (request, name) => {
      readQuery(request, []);
      return messageReply(request, 'Job', getJob(world, name));
    }),
  ];
}

function executionRoutes(cloud: Cloud): readonly Route[] {
  return [
    resourceRoute('GET', EXECUTIONS, (request, collection) => {
      const query = readQuery(request, ['pageSize', 'pageToken', 'showDeleted']);
      const executions = listExecutions(cloud.world, collection.slice(0, -'/executions'.length), page(query));
      return listReply(request, { field: 'executions', type: 'Execution' }, executions);
    }),
    resourceRoute('GET', `${EXECUTIONS}/*`, (request, name) => {
      readQuery(request, []);
      return messageReply(request, 'Execution', getExecution(cloud.world, name));
    }),
    resourceRoute('POST', `${EXECUTIONS}/*:cancel`, (request, name) => {
      const cancel = readCancel(request, name);
      return operationReply(
        request,
        transition(cloud, (world) => cancelExecution(world, cancel)),
      );
    }),
    resourceRoute('DELETE', `${EXECUTIONS}/*`, (request, name) => {
      const operation = transition(cloud, (world) => deleteExecution(world, readDelete(request, name)));
      return operationReply(request, operation);
    }),
  ];
}

function taskRoutes({ world }: Cloud): readonly Route[] {
  return [
    resourceRoute('GET', TASKS, (request, collection) => {
      const query = readQuery(request, ['pageSize', 'pageToken', 'showDeleted']);
      const tasks = listTasks(world, collection.slice(0, -'/tasks'.length), page(query));
      return listReply(request, { field: 'tasks', type: 'Task' }, tasks);
    }),
    resourceRoute('GET', `${TASKS}/*`, (request, name) => {
      readQuery(request, []);
      return messageReply(request, 'Task', getTask(world, name));
    }),
  ];
}

function readCancel(request: ApiRequest, name: string): ReturnType<typeof readDelete> {
  const body = readMessage(`${RUN}.CancelExecutionRequest`, readJson(request));
  return { validateOnly: false, ...body, name };
}
