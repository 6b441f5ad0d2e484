import {
  cancelExecution,
  deleteExecution,
  getExecution,
  getTask,
  listExecutions,
  listTasks,
} from '../control/jobs/executions.ts';
import { transition } from '../http/cloud.ts';
import { method, type Methods } from './method.ts';
import {
  deleteIn,
  listReply,
  type ListRequest,
  type NameRequest,
  pageIn,
  type RemoveRequest,
} from './requests.ts';

const EXECUTIONS = 'google.cloud.run.v2.Executions';
const TASKS = 'google.cloud.run.v2.Tasks';

/** google.cloud.run.v2.Executions and Tasks. */
export const EXECUTION_METHODS: Methods = {
  [`${EXECUTIONS}.GetExecution`]: method('run.executions.get', ({ name = '' }: NameRequest, { world }) =>
    getExecution(world, name),
  ),
  [`${EXECUTIONS}.ListExecutions`]: method('run.executions.list', (request: ListRequest, { world }) =>
    listReply('executions', listExecutions(world, request.parent ?? '', pageIn(request))),
  ),
  [`${EXECUTIONS}.DeleteExecution`]: method('run.executions.delete', (request: RemoveRequest, call) =>
    transition(call, (world) => deleteExecution(world, deleteIn(request))),
  ),
  [`${EXECUTIONS}.CancelExecution`]: method('run.executions.cancel', (request: RemoveRequest, call) =>
    transition(call, (world) => cancelExecution(world, deleteIn(request))),
  ),
  [`${TASKS}.GetTask`]: method('run.tasks.get', ({ name = '' }: NameRequest, { world }) =>
    getTask(world, name),
  ),
  [`${TASKS}.ListTasks`]: method('run.tasks.list', (request: ListRequest, { world }) =>
    listReply('tasks', listTasks(world, request.parent ?? '', pageIn(request))),
  ),
};
