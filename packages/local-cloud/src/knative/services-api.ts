import { canonical } from '../control/canonical.ts';
import { deletingUnder } from '../control/deleted.ts';
import { placeOf } from '../control/names.ts';
import type { Operation } from '../control/operations.ts';
import type { Service } from '../control/resources.ts';
import {
  createService,
  deleteService,
  getService,
  listServices,
  updateService,
} from '../control/services/services.ts';
import type { DeletedRecord, World } from '../control/world.ts';
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
import { serviceToV1, serviceToV2 } from './service-message.ts';
import { deletedReply } from './status-reply.ts';
import { isDryRun } from './write-query.ts';

const GROUP = 'serving.knative.dev';

/** `serving.knative.dev/v1` services, by both of their paths. */
export function serviceRoutes(cloud: KnativeCloud): readonly Route[] {
  return byBothPaths(cloud, GROUP, [
    [call('GET', 'services', 'ListServices', 'list'), (target) => list(cloud, target)],
    [call('POST', 'services', 'CreateService', 'create'), (target) => create(cloud, target)],
    [call('GET', 'services/*', 'GetService', 'get'), (target) => get(cloud, target)],
    [call('PUT', 'services/*', 'ReplaceService', 'update'), (target) => replace(cloud, target)],
    [call('DELETE', 'services/*', 'DeleteService', 'delete'), (target) => remove(cloud, target)],
  ]);
}

function call(method: string, ...[path, rpc, verb]: readonly [string, string, string]): Call {
  return { method, path, rpc: `Services.${rpc}`, permission: `run.services.${verb}` };
}

/** A service as v1 says it: one whose deletion is under way is still there, with the time of that. */
export function viewService({ world }: KnativeCloud, name: string): Message {
  const deleting = world.services.has(name) ? undefined : deletingService(world, name);
  if (deleting !== undefined) return viewDeleting(deleting);
  return serviceToV1({ ...getService(world, name) }, world.services.get(name)?.lastOperation);
}

/** The services of a place, or of all places of a project when the location is `-`. */
export function viewServices(cloud: KnativeCloud, parent: string): readonly Message[] {
  const { world } = cloud;
  const there = placesOf(world.services.keys(), parent)
    .flatMap((place) => everyPage((page) => listServices(world, place, page)))
    .map((service) => serviceToV1({ ...service }, world.services.get(service.name ?? '')?.lastOperation));
  const names = [...world.deleted.values()].map(({ name }) => name);
  const deleting = placesOf(names, parent)
    .flatMap((place) => deletingUnder(world, place, 'services'))
    .filter(({ name }) => !world.services.has(name));
  return [...there, ...deleting.map(viewDeleting)];
}

function deletingService(world: World, name: string): DeletedRecord | undefined {
  return deletingUnder(world, placeOf(name).parent, 'services').findLast((service) => service.name === name);
}

function viewDeleting({ message, operation }: DeletedRecord): Message {
  return serviceToV1(messageOf(message), operation);
}

function list(cloud: KnativeCloud, { request, parent }: Target): ApiReply {
  const kind = { apiVersion: `${GROUP}/v1`, kind: 'ServiceList' };
  return listReply(request, kind, viewServices(cloud, parent));
}

function get(cloud: KnativeCloud, { parent, name }: Target): ApiReply {
  return { status: 200, body: viewService(cloud, `${parent}/services/${name}`) };
}

function create(cloud: KnativeCloud, target: Target): ApiReply {
  const body = readService(target);
  const name = textOf(at(body, ['metadata', 'name']));
  checkMetadata(body, { parent: target.parent, name });
  const operation = transition(cloud, (world) =>
    createService(world, {
      parent: target.parent,
      serviceId: name,
      service: serviceToV2(body),
      validateOnly: isDryRun(target.request),
    }),
  );
  return written(cloud, operation, target);
}

function replace(cloud: KnativeCloud, target: Target): ApiReply {
  const { parent, name: short, request } = target;
  const body = readService(target);
  checkMetadata(body, { parent, name: short });
  const name = `${parent}/services/${short}`;
  const resourceVersion = textOf(at(body, ['metadata', 'resourceVersion']));
  const operation = transition(cloud, (world) => {
    const stored = getService(world, name);
    const service = rewritten(stored, body);
    return updateService(world, {
      name,
      service: { ...service, etag: etagOfVersion(resourceVersion, name) },
      ...maskOf(stored, service),
      validateOnly: isDryRun(request),
      allowMissing: false,
    });
  });
  return written(cloud, operation, target);
}

function remove(cloud: KnativeCloud, { request, parent, name: short }: Target): ApiReply {
  const name = `${parent}/services/${short}`;
  const service = messageOf(getService(cloud.world, name));
  const operation = transition(cloud, (world) =>
    deleteService(world, { name, validateOnly: isDryRun(request) }),
  );
  return deletedReply('service', service, operation);
}

function readService({ request }: Target): Message {
  const body = readV1('Service', readJson(request));
  checkAnnotations('metadata.annotations', at(body, ['metadata', 'annotations']), {
    kind: 'Service',
    known: KNOWN_ANNOTATIONS.Service,
  });
  checkAnnotations(
    'spec.template.metadata.annotations',
    at(body, ['spec', 'template', 'metadata', 'annotations']),
    {
      kind: 'Revision',
      known: KNOWN_ANNOTATIONS.Revision,
    },
  );
  return body;
}

function rewritten(stored: Service, body: Message): Service {
  const seen = messageOf(serviceToV2(serviceToV1({ ...stored })));
  return keepUnsaid({ stored: { ...stored }, seen, written: messageOf(serviceToV2(body)) });
}

/** A write that leaves the template as it is says nothing of it: the newest revision, failed or not, is not judged anew. */
function maskOf(stored: Service, service: Service): { readonly updateMask?: readonly string[] } {
  if (canonical(stored.template) !== canonical(service.template)) return {};
  const fields = new Set([...Object.keys(stored), ...Object.keys(service)]);
  return { updateMask: [...fields].filter((field) => field !== 'template') };
}

/** The service as it is now; what it would be when nothing was to be done. */
function written(cloud: KnativeCloud, operation: Operation, { request }: Target): ApiReply {
  const service = messageOf(operation.metadata);
  const body = isDryRun(request) ? serviceToV1(service) : viewService(cloud, String(service['name']));
  return { status: 200, body };
}
