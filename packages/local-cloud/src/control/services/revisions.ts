import { CloudError } from '../cloud-error.ts';
import { deleted, keepDeleted } from '../deleted.ts';
import { checkEtag } from '../etag.ts';
import { listed } from '../listed.ts';
import { notFound, shortName } from '../names.ts';
import { finishOperation, type Operation, startOperation, typed, unsavedOperation } from '../operations.ts';
import type { Page } from '../paging.ts';
import type { DeleteRequest } from '../requests.ts';
import type { RevisionTemplate } from '../resources.ts';
import { secretsFailure } from '../revision-failures.ts';
import { revisionSpec } from '../runtime-spec.ts';
import { isSameConfiguration } from '../template.ts';
import type { RevisionRecord, ServiceRecord, World } from '../world.ts';
import { isRouted, revisionView } from './revision-view.ts';

/** `keep` the newest, `adopt` an older one of the same name and configuration, or `create`. */
export type RevisionChoice =
  | { readonly kind: 'keep' }
  | { readonly kind: 'adopt'; readonly name: string }
  | { readonly kind: 'create'; readonly name: string };

/** Throws ALREADY_EXISTS when the template names a revision that exists with another configuration. */
export function chooseRevision(
  world: World,
  wanted: {
    readonly service: string;
    readonly template: RevisionTemplate;
    readonly count: number;
    readonly latest?: string;
  },
): RevisionChoice {
  const { service, template, count, latest } = wanted;
  const newest = world.revisions.get(latest ?? '');
  if (template.revision === undefined) {
    if (newest !== undefined && isSameConfiguration(newest.template, template)) return { kind: 'keep' };
    return { kind: 'create', name: generatedName(world, service, count + 1) };
  }
  const name = `${service}/revisions/${template.revision}`;
  const named = world.revisions.get(name);
  if (named === undefined) return { kind: 'create', name };
  if (!isSameConfiguration(named.template, template))
    throw new CloudError(
      'ALREADY_EXISTS',
      `Revision named '${template.revision}' with different configuration already exists.`,
    );
  return name === latest ? { kind: 'keep' } : { kind: 'adopt', name };
}

/** Stores the service's template as a new revision and has it started, unless its secrets cannot be read. */
export function addRevision(
  world: World,
  { service, name }: { readonly service: ServiceRecord; readonly name: string },
): void {
  const template = service.spec.template ?? {};
  const micros = world.now();
  const uid = world.ids.uuid();
  const spec = revisionSpec(name, service.name, { template, secrets: world.secrets });
  if (spec.kind === 'resolved') world.commands.push({ kind: 'start-revision', uid, spec: spec.spec });
  world.revisions.set(name, {
    name,
    uid,
    generation: 1,
    createMicros: micros,
    updateMicros: micros,
    routedMicros: micros,
    ...(service.lastOperation === undefined ? {} : { lastOperation: service.lastOperation }),
    service: service.name,
    serviceGeneration: service.generation,
    template,
    launchStage: service.spec.launchStage ?? 'GA',
    start:
      spec.kind === 'resolved'
        ? { kind: 'starting' }
        : { kind: 'failed', micros, failure: secretsFailure(name, spec.message) },
  });
}

export function getRevision(world: World, name: string): object {
  return revisionView(world, revisionAt(world, name));
}

/** Newest first; a service that does not exist has none. `…/services/-` means all. */
export function listRevisions(
  world: World,
  service: string,
  page: Page,
): { readonly items: readonly object[]; readonly nextPageToken?: string } {
  const records = [...world.revisions.values()].filter(
    (revision) => revision.service === service || isUnder(service, revision),
  );
  const view = (revision: RevisionRecord) => revisionView(world, revision);
  return listed(world, { parent: service, collection: 'revisions', records, view }, page);
}

export function deleteRevision(world: World, request: DeleteRequest): Operation {
  const revision = revisionAt(world, request.name);
  checkEtag(request.etag, revision);
  checkDeletable(world, revision);
  const left = deleted(revisionView(world, revision), world.now());
  const metadata = typed('Revision', left);
  if (request.validateOnly) return unsavedOperation(world, request.name, metadata);
  const operation = startOperation(world, request.name, metadata);
  keepDeleted(world, operation.name, [left]);
  world.revisions.delete(request.name);
  world.commands.push({ kind: 'remove-revision', revision: request.name });
  finishOperation(world, operation.name, metadata);
  return operation;
}

function checkDeletable(world: World, revision: RevisionRecord): void {
  const service = world.services.get(revision.service);
  const name = shortName(revision.name);
  if (isRouted(world, revision) || isAsked(service, revision))
    throw new CloudError(
      'FAILED_PRECONDITION',
      `Revision '${name}' is actively serving traffic and cannot be deleted.`,
    );
  if (service?.latestCreated === revision.name)
    throw new CloudError(
      'FAILED_PRECONDITION',
      `Revision '${name}' is the latest created revision of its service and cannot be deleted.`,
    );
}

/** Whether the traffic asks for the revision by name, be it routed yet or not. */
function isAsked(service: ServiceRecord | undefined, revision: RevisionRecord): boolean {
  return (service?.spec.traffic ?? []).some((target) => target.revision === shortName(revision.name));
}

function revisionAt(world: World, name: string): RevisionRecord {
  const revision = world.revisions.get(name);
  if (revision === undefined) throw notFound('REVISION', name);
  return revision;
}

function isUnder(wildcard: string, revision: RevisionRecord): boolean {
  return wildcard.endsWith('/-') && revision.service.startsWith(wildcard.slice(0, -1));
}

function generatedName(world: World, service: string, number: number): string {
  const counted = `${shortName(service)}-${String(number).padStart(5, '0')}`;
  return `${service}/revisions/${counted}-${world.ids.suffix(3)}`;
}
