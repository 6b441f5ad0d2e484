import {
  cancelExecution,
  deleteExecution,
  getExecution,
  getTask,
  listExecutions,
  listTasks,
} from '../control/executions.ts';
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
  [`${EXECUTIONS}.GetExecution`]: method<NameRequest>('run.executions.get', ({ name = '' }, { world }) =>
    getExecution(world, name),
  ),
  [`${EXECUTIONS}.ListExecutions`]: method<ListRequest>('run.executions.list', (request, { world }) =>
    listReply('executions', listExecutions(world, request.parent ?? '', pageIn(request))),
  ),
  [`${EXECUTIONS}.DeleteExecution`]: method<RemoveRequest>('run.executions.delete', (request, call) =>
    transition(call, (world) => deleteExecution(world, deleteIn(request))),
  ),
  [`${EXECUTIONS}.CancelExecution`]: method<RemoveRequest>('run.executions.cancel', (request, call) =>
    transition(call, (world) => cancelExecution(world, deleteIn(request))),
  ),
  [`${TASKS}.GetTask`]: method<NameRequest>('run.tasks.get', ({ name = '' }, { world }) =>
    getTask(world, name),
  ),
  [`${TASKS}.ListTasks`]: method<ListRequest>('run.tasks.list', (request, { world }) =>
    listReply('tasks', listTasks(world, request.parent ?? '', pageIn(request))),
  ),
};
