import {
  cancelExecution,
  deleteExecution,
  getExecution,
  getTask,
  listExecutions,
  listTasks,
} from '../control/jobs/executions.ts';
import { notFound, parentOf, placeOf, shortName } from '../control/names.ts';
import type { World } from '../control/world.ts';
import { transition } from '../http/cloud.ts';
import { readJson } from '../http/query.ts';
import type { ApiReply, Route } from '../http/route.ts';
import { executionToV1 } from './execution-message.ts';
import { type Call, type Handled, type KnativeCloud, namespaced, type Target } from './knative-route.ts';
import { asked } from './label-selector.ts';
import { everyPage, listReply } from './list-reply.ts';
import { type Message, messageOf, textOf } from './mapping.ts';
import { placesOf } from './places.ts';
import { readV1 } from './read-v1.ts';
import { clientOf } from './revision-template.ts';
import { deletedReply } from './status-reply.ts';
import { taskMessageToV1 } from './task-message.ts';

const GROUP = 'run.googleapis.com';

/** `run.googleapis.com/v1` executions and tasks: their names are the place's own, the job is a label. */
export function executionRoutes(cloud: KnativeCloud): readonly Route[] {
  const { world } = cloud;
  const handled: readonly Handled[] = [
    [call('GET', 'executions', 'Executions.ListExecutions', 'list'), (target) => list(world, target)],
    [call('GET', 'executions/*', 'Executions.GetExecution', 'get'), (target) => get(world, target)],
    [
      call('DELETE', 'executions/*', 'Executions.DeleteExecution', 'delete'),
      (target) => remove(cloud, target),
    ],
    [
      call('POST', 'executions/*:cancel', 'Executions.CancelExecution', 'cancel'),
      (target) => cancel(cloud, target),
    ],
    [call('GET', 'tasks', 'Tasks.ListTasks', 'list'), (target) => tasks(world, target)],
    [call('GET', 'tasks/*', 'Tasks.GetTask', 'get'), (target) => task(world, target)],
  ];
  return handled.map((one) => namespaced(cloud, GROUP, one));
}

function call(method: string, ...[path, rpc, verb]: readonly [string, string, string]): Call {
  return {
    method,
    path,
    rpc,
    permission: `run.${path.startsWith('tasks') ? 'tasks' : 'executions'}.${verb}`,
  };
}

/** An execution as v1 says it. */
export function viewExecution(world: World, name: string): Message {
  return viewOf(world, messageOf(getExecution(world, name)), world.executions.get(name)?.job ?? '');
}

function list(world: World, { request, parent }: Target): ApiReply {
  const job = asked(request.query.get('labelSelector') ?? '', 'run.googleapis.com/job') ?? '-';
  const executions = placesOf(world.executions.keys(), parent)
    .flatMap((place) => everyPage((page) => listExecutions(world, `${place}/jobs/${job}`, page)))
    .map(messageOf);
  return listReply(
    request,
    { apiVersion: `${GROUP}/v1`, kind: 'ExecutionList' },
    executions.map((one) => viewOf(world, one, jobOf(one))),
  );
}

function get(world: World, target: Target): ApiReply {
  return { status: 200, body: viewExecution(world, executionName(world, target.parent, target.name)) };
}

function remove(cloud: KnativeCloud, { parent, name: short }: Target): ApiReply {
  const name = executionName(cloud.world, parent, short);
  const execution = messageOf(getExecution(cloud.world, name));
  const operation = transition(cloud, (world) => deleteExecution(world, { name, validateOnly: false }));
  return deletedReply('execution', execution, operation);
}

function cancel(cloud: KnativeCloud, { request, parent, name: short }: Target): ApiReply {
  readV1('CancelExecutionRequest', readJson(request));
  const name = executionName(cloud.world, parent, short);
  transition(cloud, (world) => cancelExecution(world, { name, validateOnly: false }));
  return { status: 200, body: viewExecution(cloud.world, name) };
}

function tasks(world: World, { request, parent }: Target): ApiReply {
  const execution = asked(request.query.get('labelSelector') ?? '', 'run.googleapis.com/execution');
  const places = placesOf(world.executions.keys(), parent);
  const owners = [...world.executions.keys()].filter(
    (name) =>
      places.includes(placeOf(name).parent) && (execution === undefined || shortName(name) === execution),
  );
  const all = owners.flatMap((owner) => everyPage((page) => listTasks(world, owner, page)));
  return listReply(
    request,
    { apiVersion: `${GROUP}/v1`, kind: 'TaskList' },
    all.map((one) => taskMessageToV1(messageOf(one))),
  );
}

function task(world: World, { parent, name }: Target): ApiReply {
  const execution = name.replace(/-task\d+$/, '');
  const owner = [...world.executions.keys()].find((full) => isAt(full, parent, execution));
  if (owner === undefined) throw notFound('TASK', `${parent}/jobs/-/executions/-/tasks/${name}`);
  return { status: 200, body: taskMessageToV1(messageOf(getTask(world, `${owner}/tasks/${name}`))) };
}

function executionName({ executions }: World, parent: string, name: string): string {
  for (const full of executions.keys()) if (isAt(full, parent, name)) return full;
  throw notFound('EXECUTION', `${parent}/jobs/-/executions/${name}`);
}

function isAt(full: string, parent: string, name: string): boolean {
  return full.startsWith(`${parent}/jobs/`) && shortName(full) === name;
}

function jobOf(execution: Message): string {
  return parentOf(textOf(execution['name']));
}

function viewOf({ jobs }: World, execution: Message, jobName: string): Message {
  const job = jobs.get(jobName);
  if (job === undefined) return executionToV1(execution, {});
  const { uid, generation, updateMicros } = job;
  return executionToV1(execution, { ...clientOf(job.spec), uid, generation, updateMicros });
}
