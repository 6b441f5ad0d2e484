import { alreadyExists, violation } from '../cloud-error.ts';
import { deleted, keepDeleted } from '../deleted.ts';
import { checkEtag } from '../etag.ts';
import { applyMask } from '../field-mask.ts';
import { listed } from '../listed.ts';
import { isDnsLabel, notFound, shortName } from '../names.ts';
import { failOperation, type Operation, startOperation, typed, unsavedOperation } from '../operations.ts';
import type { Page } from '../paging.ts';
import type { DeleteRequest } from '../requests.ts';
import { without } from '../without.ts';
import type { WorkerPool } from '../worker-pool.ts';
import type { WorkerPoolRecord, World } from '../world.ts';
import { workerPoolRevisionView, workerPoolView } from './worker-pool-view.ts';
import { writeWorkerPool } from './write-worker-pool.ts';

export interface CreateWorkerPool {
  readonly parent: string;
  readonly workerPoolId: string;
  readonly workerPool: WorkerPool;
  readonly validateOnly: boolean;
}

export interface UpdateWorkerPool {
  readonly name: string;
  readonly workerPool: WorkerPool;
  /** Paths in lowerCamel; all user fields when undefined. */
  readonly updateMask?: readonly string[];
  readonly validateOnly: boolean;
  readonly allowMissing: boolean;
  /** Makes a revision even of a template that has not changed. */
  readonly forceNewRevision: boolean;
}

const USER_FIELDS: readonly string[] = [
  'description',
  'labels',
  'annotations',
  'client',
  'clientVersion',
  'launchStage',
  'binaryAuthorization',
  'template',
  'instanceSplits',
  'scaling',
  'customAudiences',
];

export function createWorkerPool(world: World, request: CreateWorkerPool): Operation {
  const { parent, workerPoolId, workerPool, validateOnly } = request;
  const at = 'CreateWorkerPoolRequest';
  if (!isDnsLabel(workerPoolId, 49))
    throw violation(
      `${at}.worker_pool_id`,
      `must be lower-case letters, digits and '-', begin with a letter and have fewer than 50 characters, got '${workerPoolId}'.`,
    );
  if (workerPool.name !== undefined)
    throw violation(`${at}.worker_pool`, `worker_pool.name must be empty on ${at}.`);
  const name = `${parent}/workerPools/${workerPoolId}`;
  if (world.workerPools.has(name)) throw alreadyExists(workerPoolId);
  const fields = userFields(workerPool);
  return writeWorkerPool(world, {
    at: `${at}.worker_pool`,
    name,
    fields,
    validateOnly,
    forceNewRevision: false,
  });
}

export function updateWorkerPool(world: World, request: UpdateWorkerPool): Operation {
  const { name, workerPool, updateMask, validateOnly, forceNewRevision } = request;
  const before = world.workerPools.get(name);
  if (before === undefined) return createMissing(world, request);
  checkEtag(workerPool.etag, before);
  const body = userFields(workerPool);
  const fields =
    updateMask === undefined ? body : applyMask(before.spec, body, updateMask.filter(isUserPath));
  const at = 'UpdateWorkerPoolRequest.worker_pool';
  return writeWorkerPool(world, { at, name, fields, before, validateOnly, forceNewRevision });
}

export function getWorkerPool(world: World, name: string): WorkerPool {
  return workerPoolView(world, workerPoolAt(world, name));
}

/** Newest first. */
export function listWorkerPools(
  world: World,
  parent: string,
  page: Page,
): { readonly items: readonly WorkerPool[]; readonly nextPageToken?: string } {
  const records = [...world.workerPools.values()].filter(({ name }) =>
    name.startsWith(`${parent}/workerPools/`),
  );
  return listed(
    world,
    { parent, collection: 'workerPools', records, view: (pool) => workerPoolView(world, pool) },
    page,
  );
}

export function deleteWorkerPool(world: World, request: DeleteRequest): Operation {
  const pool = workerPoolAt(world, request.name);
  checkEtag(request.etag, pool);
  const micros = world.now();
  const left = deleted(workerPoolView(world, pool), micros);
  const metadata = typed('WorkerPool', left);
  if (request.validateOnly) return unsavedOperation(world, request.name, metadata);
  const operation = startOperation(world, request.name, metadata);
  const revisions = [...world.workerPoolRevisions.values()].filter(
    ({ workerPool }) => workerPool === request.name,
  );
  const views = revisions.map((revision) => deleted(workerPoolRevisionView(revision), micros));
  keepDeleted(world, operation.name, [...views, left]);
  world.workerPools.delete(request.name);
  world.policies.delete(request.name);
  for (const { name } of revisions) world.workerPoolRevisions.delete(name);
  for (const write of pool.waiting ?? [])
    failOperation(world, write.operation, {
      status: 'ABORTED',
      message: `Resource '${shortName(request.name)}' was deleted.`,
    });
  world.commands.push({
    kind: 'remove-worker-pool',
    workerPool: request.name,
    operation: operation.name,
  });
  return operation;
}

function createMissing(world: World, request: UpdateWorkerPool): Operation {
  const { name, workerPool, allowMissing, validateOnly } = request;
  if (!allowMissing) throw notFound('WORKER_POOL', name);
  return createWorkerPool(world, {
    parent: name.split('/workerPools/')[0] ?? '',
    workerPoolId: shortName(name),
    workerPool: without(workerPool, 'name', 'etag'),
    validateOnly,
  });
}

function workerPoolAt(world: World, name: string): WorkerPoolRecord {
  const pool = world.workerPools.get(name);
  if (pool === undefined) throw notFound('WORKER_POOL', name);
  return pool;
}

function userFields(pool: WorkerPool): WorkerPool {
  return Object.fromEntries(Object.entries(pool).filter(([field]) => USER_FIELDS.includes(field)));
}

function isUserPath(path: string): boolean {
  return USER_FIELDS.includes(path.split('.')[0] ?? '');
}
