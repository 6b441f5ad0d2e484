import { notFound, parentOf, shortName } from '../control/names.ts';
import { deleteRevision, getRevision, listRevisions } from '../control/services/revisions.ts';
import {
  getWorkerPoolRevision,
  listWorkerPoolRevisions,
} from '../control/worker-pools/worker-pool-revisions.ts';
import type { World } from '../control/world.ts';
import { transition } from '../http/cloud.ts';
import type { ApiReply, Route } from '../http/route.ts';
import { byBothPaths, type Call, type KnativeCloud, type Target } from './knative-route.ts';
import { asked } from './label-selector.ts';
import { everyPage, listReply } from './list-reply.ts';
import { type Message, messageOf, textOf } from './mapping.ts';
import { placesOf } from './places.ts';
import { revisionToV1 } from './revision-message.ts';
import { clientOf } from './revision-template.ts';
import { deletedReply } from './status-reply.ts';
import { poolRevisionToV1 } from './worker-pool-message.ts';
import { isDryRun } from './write-query.ts';

const GROUP = 'serving.knative.dev';

/** `serving.knative.dev/v1` revisions: their names are the place's own, the service is a label. */
export function revisionRoutes(cloud: KnativeCloud): readonly Route[] {
  return byBothPaths(cloud, GROUP, [
    [call('GET', 'revisions', 'ListRevisions', 'list'), (target) => list(cloud, target)],
    [call('GET', 'revisions/*', 'GetRevision', 'get'), (target) => get(cloud, target)],
    [call('DELETE', 'revisions/*', 'DeleteRevision', 'delete'), (target) => remove(cloud, target)],
  ]);
}

function call(method: string, ...[path, rpc, verb]: readonly [string, string, string]): Call {
  return { method, path, rpc: `Revisions.${rpc}`, permission: `run.revisions.${verb}` };
}

function list({ world }: KnativeCloud, { request, parent }: Target): ApiReply {
  const selector = request.query.get('labelSelector') ?? '';
  const service = asked(selector, 'serving.knative.dev/service') ?? '-';
  const ofServices = placesOf(world.services.keys(), parent)
    .flatMap((place) => everyPage((page) => listRevisions(world, `${place}/services/${service}`, page)))
    .map((revision) => viewRevision(world, messageOf(revision)));
  const all = [...ofServices, ...poolRevisions(world, parent)];
  return listReply(request, { apiVersion: `${GROUP}/v1`, kind: 'RevisionList' }, all);
}

/** The label selector is left to tell the revisions of pools from those of services. */
function poolRevisions(world: World, parent: string): readonly Message[] {
  return placesOf(world.workerPools.keys(), parent)
    .flatMap((place) => everyPage((page) => listWorkerPoolRevisions(world, `${place}/workerPools/-`, page)))
    .map((revision) => viewPoolRevision(messageOf(revision)));
}

function viewPoolRevision(revision: Message): Message {
  return poolRevisionToV1(revision, shortName(parentOf(textOf(revision['name']))));
}

function get({ world }: KnativeCloud, target: Target): ApiReply {
  const ofPool = [...world.workerPoolRevisions.keys()].find(
    (full) => full.startsWith(`${target.parent}/workerPools/`) && shortName(full) === target.name,
  );
  const body =
    ofPool === undefined
      ? viewRevision(world, messageOf(getRevision(world, fullName(world, target))))
      : viewPoolRevision(messageOf(getWorkerPoolRevision(world, ofPool)));
  return { status: 200, body };
}

function remove(cloud: KnativeCloud, target: Target): ApiReply {
  const name = fullName(cloud.world, target);
  const revision = messageOf(getRevision(cloud.world, name));
  const operation = transition(cloud, (world) =>
    deleteRevision(world, { name, validateOnly: isDryRun(target.request) }),
  );
  return deletedReply('revision', revision, operation);
}

function viewRevision(world: World, revision: Message): Message {
  const record = world.revisions.get(textOf(revision['name']));
  const service = world.services.get(record?.service ?? '');
  const { lastOperation: operation, serviceGeneration: generation } = record ?? {};
  return revisionToV1(revision, {
    ...clientOf(service?.spec),
    ...(service === undefined ? {} : { uid: service.uid }),
    ...(operation === undefined ? {} : { operation }),
    ...(generation === undefined ? {} : { generation }),
  });
}

function fullName({ revisions }: World, { parent, name }: Target): string {
  for (const full of revisions.keys())
    if (full.startsWith(`${parent}/services/`) && shortName(full) === name) return full;
  throw notFound('REVISION', `${parent}/services/-/revisions/${name}`);
}
