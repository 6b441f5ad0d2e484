import { alreadyExists, violation } from '../cloud-error.ts';
import { deleted, keepDeleted } from '../deleted.ts';
import { checkEtag } from '../etag.ts';
import { applyMask } from '../field-mask.ts';
import { listed } from '../listed.ts';
import { isDnsLabel, notFound, shortName } from '../names.ts';
import {
  failOperation,
  finishOperation,
  type Operation,
  startOperation,
  typed,
  unsavedOperation,
} from '../operations.ts';
import type { Page } from '../paging.ts';
import { checkRoom } from '../quotas.ts';
import type { CreateService, DeleteRequest, UpdateService } from '../requests.ts';
import type { Service } from '../resources.ts';
import { withRevisionDefaults } from '../template.ts';
import { ALL_TO_LATEST } from '../traffic.ts';
import { checkService } from '../validate.ts';
import { without } from '../without.ts';
import type { ServiceRecord, World } from '../world.ts';
import { revisionView } from './revision-view.ts';
import { serviceView } from './service-view.ts';
import { writeService } from './write-service.ts';

/** The fields of a Service that a user may write; all others in a body are left out, as the real API ignores output-only fields. */
const USER_FIELDS = [
  'description',
  'labels',
  'annotations',
  'client',
  'clientVersion',
  'ingress',
  'launchStage',
  'binaryAuthorization',
  'template',
  'traffic',
  'scaling',
  'invokerIamDisabled',
  'defaultUriDisabled',
  'iapEnabled',
  'multiRegionSettings',
  'customAudiences',
  'buildConfig',
] as const satisfies readonly string[];

export function createService(world: World, request: CreateService): Operation {
  const { parent, serviceId, service } = request;
  if (!isDnsLabel(serviceId, 49))
    throw violation(
      'CreateServiceRequest.service_id',
      `must be lower-case letters, digits and '-', begin with a letter and have fewer than 50 characters, got '${serviceId}'.`,
    );
  if (service.name !== undefined)
    throw violation('CreateServiceRequest.service', 'service.name must be empty on CreateServiceRequest.');
  const name = `${parent}/services/${serviceId}`;
  if (world.services.has(name)) throw alreadyExists(serviceId);
  const spec = specOf(name, service);
  checkService('CreateServiceRequest.service', name, spec);
  checkRoom(world, 'services', name);
  return writeService(world, { name, spec, touchesTemplate: true, validateOnly: request.validateOnly });
}

export function updateService(world: World, request: UpdateService): Operation {
  const { name, service, updateMask } = request;
  const before = world.services.get(name);
  if (before === undefined) return createMissing(world, request);
  checkEtag(service.etag, before);
  const body = userFields(service);
  const merged =
    updateMask === undefined ? body : applyMask(before.spec, body, updateMask.filter(isUserPath));
  const spec = specOf(name, merged);
  checkService('UpdateServiceRequest.service', name, spec);
  const touchesTemplate =
    updateMask === undefined || updateMask.some((path) => path.split('.')[0] === 'template');
  return writeService(world, { name, spec, before, touchesTemplate, validateOnly: request.validateOnly });
}

export function getService(world: World, name: string): Service {
  return serviceView(world, serviceAt(world, name));
}

/** Newest first. */
export function listServices(
  world: World,
  parent: string,
  page: Page,
): { readonly items: readonly Service[]; readonly nextPageToken?: string } {
  const records = [...world.services.values()].filter(({ name }) => name.startsWith(`${parent}/services/`));
  const view = (service: ServiceRecord) => serviceView(world, service);
  return listed(world, { parent, collection: 'services', records, view }, page);
}

export function deleteService(world: World, request: DeleteRequest): Operation {
  const service = serviceAt(world, request.name);
  checkEtag(request.etag, service);
  const micros = world.now();
  const left = deleted(serviceView(world, service), micros);
  const metadata = typed('Service', left);
  if (request.validateOnly) return unsavedOperation(world, request.name, metadata);
  const operation = startOperation(world, request.name, metadata);
  const revisions = [...world.revisions.values()].filter((revision) => revision.service === request.name);
  const views = revisions.map((revision) => deleted(revisionView(world, revision), micros));
  keepDeleted(world, operation.name, [...views, left]);
  world.services.delete(request.name);
  world.policies.delete(request.name);
  for (const revision of revisions) world.revisions.delete(revision.name);
  for (const write of service.waiting)
    failOperation(world, write.operation, {
      status: 'ABORTED',
      message: `Resource '${shortName(request.name)}' was deleted.`,
    });
  world.commands.push({ kind: 'remove-service', service: request.name, operation: operation.name });
  return operation;
}

/** Event: the service's addresses are closed. */
export function serviceRemoved(world: World, operation: string): void {
  const record = world.operations.get(operation);
  if (record !== undefined) finishOperation(world, operation, record.metadata);
}

function createMissing(world: World, request: UpdateService): Operation {
  if (!request.allowMissing) throw notFound('SERVICE', request.name);
  return createService(world, {
    parent: request.name.split('/services/')[0] ?? '',
    serviceId: shortName(request.name),
    service: without(request.service, 'name', 'etag'),
    validateOnly: request.validateOnly,
  });
}

function serviceAt(world: World, name: string): ServiceRecord {
  const service = world.services.get(name);
  if (service === undefined) throw notFound('SERVICE', name);
  return service;
}

function userFields(service: Service): Service {
  return Object.fromEntries(
    Object.entries(service).filter(([field]) => (USER_FIELDS as readonly string[]).includes(field)),
  );
}

function isUserPath(path: string): boolean {
  return (USER_FIELDS as readonly string[]).includes(path.split('.')[0] ?? '');
}

function specOf(name: string, service: Service): Service {
  const { template, traffic = [] } = service;
  return {
    ingress: 'INGRESS_TRAFFIC_ALL',
    launchStage: 'GA',
    ...userFields(service),
    traffic: traffic.length === 0 ? ALL_TO_LATEST : traffic,
    ...(template === undefined ? {} : { template: withRevisionDefaults(template, name) }),
  };
}
