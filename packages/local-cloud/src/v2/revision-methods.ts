import { deleteRevision, getRevision, listRevisions } from '../control/services/revisions.ts';
import {
  deleteWorkerPoolRevision,
  getWorkerPoolRevision,
  listWorkerPoolRevisions,
} from '../control/worker-pools/worker-pool-revisions.ts';
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

const REVISIONS = 'google.cloud.run.v2.Revisions';

/** google.cloud.run.v2.Revisions, of services and of worker pools. */
export const REVISION_METHODS: Methods = {
  [`${REVISIONS}.GetRevision`]: method('run.revisions.get', ({ name = '' }: NameRequest, { world }) =>
    isOfWorkerPool(name) ? getWorkerPoolRevision(world, name) : getRevision(world, name),
  ),
  [`${REVISIONS}.ListRevisions`]: method('run.revisions.list', (request: ListRequest, { world }) => {
    const { parent = '' } = request;
    const list = isOfWorkerPool(parent) ? listWorkerPoolRevisions : listRevisions;
    return listReply('revisions', list(world, parent, pageIn(request)));
  }),
  [`${REVISIONS}.DeleteRevision`]: method('run.revisions.delete', (request: RemoveRequest, call) => {
    const remove = isOfWorkerPool(request.name ?? '') ? deleteWorkerPoolRevision : deleteRevision;
    return transition(call, (world) => remove(world, deleteIn(request)));
  }),
};

function isOfWorkerPool(name: string): boolean {
  return name.includes('/workerPools/');
}
