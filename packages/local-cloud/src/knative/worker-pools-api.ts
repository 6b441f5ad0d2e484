import type { Operation } from '../control/operations.ts';
import {
  createWorkerPool,
  deleteWorkerPool,
  getWorkerPool,
  listWorkerPools,
  updateWorkerPool,
} from '../control/worker-pools/worker-pools.ts';
import { transition } from '../http/cloud.ts';
import { readJson } from '../http/query.ts';
import type { ApiReply, Route } from '../http/route.ts';
import { checkAnnotations, checkMetadata } from './check-metadata.ts';
import { keepUnsaid } from './keep-unsaid.ts';
import { byBothPaths, type Call, type KnativeCloud, type Target } from './knative-route.ts';
import { KNOWN_ANNOTATIONS } from './known-annotations.ts';
import { everyPage, listReply } from './list-reply.ts';
import { at, type Message, messageOf, textOf } from './mapping.ts';
import { placesOf } from './places.ts';
import { readV1 } from './read-v1.ts';
import { etagOfVersion } from './resource-version.ts';
import { deletedReply } from './status-reply.ts';
import { workerPoolToV1, workerPoolToV2 } from './worker-pool-message.ts';
import { isDryRun } from './write-query.ts';

const GROUP = 'run.googleapis.com';

/** `run.googleapis.com/v1` worker pools: gcloud lists, describes and replaces them in v1 and writes them in v2 otherwise. */
export function workerPoolRoutes(cloud: KnativeCloud): readonly Route[] {
  return byBothPaths(cloud, GROUP, [
    [call('GET', 'workerpools', 'ListWorkerPools', 'list'), (target) => list(cloud, target)],
    [call('POST', 'workerpools', 'CreateWorkerPool', 'create'), (target) => create(cloud, target)],
    [call('GET', 'workerpools/*', 'GetWorkerPool', 'get'), (target) => get(cloud, target)],
    [call('PUT', 'workerpools/*', 'ReplaceWorkerPool', 'update'), (target) => replace(cloud, target)],
    [call('DELETE', 'workerpools/*', 'DeleteWorkerPool', 'delete'), (target) => remove(cloud, target)],
  ]);
}

function call(method: string, ...[path, rpc, verb]: readonly [string, string, string]): Call {
  return { method, path, rpc: `WorkerPools.${rpc}`, permission: `run.workerpools.${verb}` };
}

function view({ world }: KnativeCloud, pool: object): Message {
  const message = messageOf(pool);
  return workerPoolToV1(message, world.workerPools.get(textOf(message['name']))?.lastOperation);
}

function list(cloud: KnativeCloud, { request, parent }: Target): ApiReply {
  const { world } = cloud;
  const pools = placesOf(world.workerPools.keys(), parent)
    .flatMap((place) => everyPage((page) => listWorkerPools(world, place, page)))
    .map((pool) => view(cloud, pool));
  return listReply(request, { apiVersion: `${GROUP}/v1`, kind: 'WorkerPoolList' }, pools);
}

function get(cloud: KnativeCloud, target: Target): ApiReply {
  return { status: 200, body: view(cloud, getWorkerPool(cloud.world, fullName(target))) };
}

function create(cloud: KnativeCloud, target: Target): ApiReply {
  const { parent, request } = target;
  const body = readBody(target);
  const workerPoolId = textOf(at(body, ['metadata', 'name']));
  checkMetadata(body, { parent, name: workerPoolId });
  const workerPool = workerPoolToV2(body);
  const operation = transition(cloud, (world) =>
    createWorkerPool(world, { parent, workerPoolId, workerPool, validateOnly: isDryRun(request) }),
  );
  return written(cloud, operation, target);
}

function replace(cloud: KnativeCloud, target: Target): ApiReply {
  const body = readBody(target);
  checkMetadata(body, target);
  const name = fullName(target);
  const etag = etagOfVersion(textOf(at(body, ['metadata', 'resourceVersion'])), name);
  const operation = transition(cloud, (world) => {
    const stored = messageOf(getWorkerPool(world, name));
    const seen = messageOf(workerPoolToV2(workerPoolToV1(stored)));
    return updateWorkerPool(world, {
      name,
      workerPool: { ...keepUnsaid({ stored, seen, written: messageOf(workerPoolToV2(body)) }), etag },
      validateOnly: isDryRun(target.request),
      allowMissing: false,
      forceNewRevision: false,
    });
  });
  return written(cloud, operation, target);
}

function remove(cloud: KnativeCloud, target: Target): ApiReply {
  const name = fullName(target);
  const pool = messageOf(getWorkerPool(cloud.world, name));
  const operation = transition(cloud, (world) =>
    deleteWorkerPool(world, { name, validateOnly: isDryRun(target.request) }),
  );
  return deletedReply('workerpool', pool, operation);
}

function readBody({ request }: Target): Message {
  const body = readV1('WorkerPool', readJson(request));
  checkAnnotations('metadata.annotations', at(body, ['metadata', 'annotations']), {
    kind: 'WorkerPool',
    known: KNOWN_ANNOTATIONS.WorkerPool,
  });
  return body;
}

/** The pool as it is now; what it would be when nothing was to be done. */
function written(cloud: KnativeCloud, operation: Operation, target: Target): ApiReply {
  const pool = messageOf(operation.metadata);
  if (isDryRun(target.request)) return { status: 200, body: workerPoolToV1(pool) };
  return { status: 200, body: view(cloud, getWorkerPool(cloud.world, textOf(pool['name']))) };
}

function fullName({ parent, name }: Target): string {
  return `${parent}/workerPools/${name}`;
}
