import { deleteRevision, getRevision, listRevisions } from '../control/revisions.ts';
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

/** google.cloud.run.v2.Revisions. */
export const REVISION_METHODS: Methods = {
  [`${REVISIONS}.GetRevision`]: method('run.revisions.get', ({ name = '' }: NameRequest, { world }) =>
    getRevision(world, name),
  ),
  [`${REVISIONS}.ListRevisions`]: method('run.revisions.list', (request: ListRequest, { world }) =>
    listReply('revisions', listRevisions(world, request.parent ?? '', pageIn(request))),
  ),
  [`${REVISIONS}.DeleteRevision`]: method('run.revisions.delete', (request: RemoveRequest, call) =>
    transition(call, (world) => deleteRevision(world, deleteIn(request))),
  ),
};
