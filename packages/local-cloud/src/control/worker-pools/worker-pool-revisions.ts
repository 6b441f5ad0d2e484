import { CloudError } from '../cloud-error.ts';
import { deleted, keepDeleted } from '../deleted.ts';
import { checkEtag } from '../etag.ts';
import { listed } from '../listed.ts';
import { notFound, shortName } from '../names.ts';
import { finishOperation, type Operation, startOperation, typed, unsavedOperation } from '../operations.ts';
import type { Page } from '../paging.ts';
import type { DeleteRequest } from '../requests.ts';
import type { WorkerPoolRevisionRecord, World } from '../world.ts';
import { workerPoolRevisionView } from './worker-pool-view.ts';

export function getWorkerPoolRevision(world: World, name: string): object {
  return workerPoolRevisionView(revisionAt(world, name));
}

/** Newest first; `…/workerPools/-` means all. */
export function listWorkerPoolRevisions(
  world: World,
  workerPool: string,
  page: Page,
): { readonly items: readonly object[]; readonly nextPageToken?: string } {
  const records = [...world.workerPoolRevisions.values()].filter(
    (revision) => revision.workerPool === workerPool || isUnder(workerPool, revision),
  );
  const view = workerPoolRevisionView;
  return listed(world, { parent: workerPool, collection: 'revisions', records, view }, page);
}

export function deleteWorkerPoolRevision(world: World, request: DeleteRequest): Operation {
  const revision = revisionAt(world, request.name);
  checkEtag(request.etag, revision);
  checkDeletable(world, revision);
  const left = deleted(workerPoolRevisionView(revision), world.now());
  const metadata = typed('Revision', left);
  if (request.validateOnly) return unsavedOperation(world, request.name, metadata);
  const operation = startOperation(world, request.name, metadata);
  keepDeleted(world, operation.name, [left]);
  world.workerPoolRevisions.delete(request.name);
  world.commands.push({ kind: 'remove-workers', revision: request.name });
  finishOperation(world, operation.name, metadata);
  return operation;
}

function checkDeletable(world: World, revision: WorkerPoolRevisionRecord): void {
  const pool = world.workerPools.get(revision.workerPool);
  const name = shortName(revision.name);
  const isUsed = (pool?.spec.instanceSplits ?? []).some((split) => split.revision === name);
  if (isUsed || pool?.latestCreated === revision.name)
    throw new CloudError('FAILED_PRECONDITION', `Revision '${name}' is in use and cannot be deleted.`);
}

function revisionAt(world: World, name: string): WorkerPoolRevisionRecord {
  const revision = world.workerPoolRevisions.get(name);
  if (revision === undefined) throw notFound('REVISION', name);
  return revision;
}

function isUnder(wildcard: string, revision: WorkerPoolRevisionRecord): boolean {
  return wildcard.endsWith('/-') && revision.workerPool.startsWith(wildcard.slice(0, -1));
}
