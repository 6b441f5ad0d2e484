import type { WorkerPool } from '../control/worker-pool.ts';
import {
  createWorkerPool,
  deleteWorkerPool,
  getWorkerPool,
  listWorkerPools,
  updateWorkerPool,
} from '../control/worker-pools/worker-pools.ts';
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
import { maskIn } from './update-mask.ts';

const WORKER_POOLS = 'google.cloud.run.v2.WorkerPools';

interface CreateWorkerPoolRequest {
  readonly parent?: string;
  readonly workerPool?: WorkerPool;
  readonly workerPoolId?: string;
  readonly validateOnly?: boolean;
}

interface UpdateWorkerPoolRequest {
  readonly workerPool?: WorkerPool;
  readonly updateMask?: string;
  readonly validateOnly?: boolean;
  readonly allowMissing?: boolean;
  readonly forceNewRevision?: boolean;
}

/** google.cloud.run.v2.WorkerPools without its IAM methods. */
export const WORKER_POOL_METHODS: Methods = {
  [`${WORKER_POOLS}.CreateWorkerPool`]: method(
    'run.workerpools.create',
    (request: CreateWorkerPoolRequest, call) => {
      const { parent = '', workerPoolId = '', workerPool = {}, validateOnly = false } = request;
      const wanted = { parent, workerPoolId, workerPool, validateOnly };
      return transition(call, (world) => createWorkerPool(world, wanted));
    },
  ),
  [`${WORKER_POOLS}.GetWorkerPool`]: method('run.workerpools.get', ({ name = '' }: NameRequest, { world }) =>
    getWorkerPool(world, name),
  ),
  [`${WORKER_POOLS}.ListWorkerPools`]: method('run.workerpools.list', (request: ListRequest, { world }) =>
    listReply('workerPools', listWorkerPools(world, regionIn('ListWorkerPools', request), pageIn(request))),
  ),
  [`${WORKER_POOLS}.UpdateWorkerPool`]: method(
    'run.workerpools.update',
    (request: UpdateWorkerPoolRequest, call) => {
      const { workerPool = {}, updateMask } = request;
      const { validateOnly = false, allowMissing = false, forceNewRevision = false } = request;
      const wanted = {
        name: workerPool.name ?? '',
        workerPool,
        validateOnly,
        allowMissing,
        forceNewRevision,
      };
      const mask = maskIn('WorkerPool', updateMask);
      return transition(call, (world) => updateWorkerPool(world, { ...wanted, ...mask }));
    },
  ),
  [`${WORKER_POOLS}.DeleteWorkerPool`]: method('run.workerpools.delete', (request: RemoveRequest, call) =>
    transition(call, (world) => deleteWorkerPool(world, deleteIn(request))),
  ),
};
