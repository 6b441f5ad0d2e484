import { CloudError } from '../control/cloud-error.ts';
import type { Service } from '../control/resources.ts';
import { deleteRevision, getRevision, listRevisions } from '../control/revisions.ts';
import {
  createService,
  deleteService,
  getService,
  listServices,
  updateService,
} from '../control/services.ts';
import { type Cloud, transition } from './cloud.ts';
import { readDelete } from './delete-request.ts';
import { maskPath, readMessage } from './proto-json.ts';
import { flag, page, readJson, readQuery } from './query.ts';
import { listReply, messageReply, operationReply } from './replies.ts';
import { type ApiRequest, resourceRoute, type Route } from './route.ts';

const SERVICES = '/v2/projects/*/locations/*/services';
const SERVICE = 'google.cloud.run.v2.Service';

/** google.cloud.run.v2.Services and Revisions. */
export function serviceRoutes(cloud: Cloud): readonly Route[] {
  return [...writes(cloud), ...reads(cloud), ...revisionRoutes(cloud)];
}

function writes(cloud: Cloud): readonly Route[] {
  return [
    resourceRoute('POST', SERVICES, (request, collection) => {
      const { serviceId = '', validateOnly } = readQuery(request, ['serviceId', 'validateOnly']);
      const operation = transition(cloud, (world) =>
        createService(world, {
          parent: collection.slice(0, -'/services'.length),
          serviceId,
          service: readService(request),
          validateOnly: flag('validateOnly', validateOnly),
        }),
      );
      return operationReply(request, operation);
    }),
    resourceRoute('PATCH', `${SERVICES}/*`, (request, name) => {
      const query = readQuery(request, ['updateMask', 'validateOnly', 'allowMissing', 'forceNewRevision']);
      const operation = transition(cloud, (world) =>
        updateService(world, {
          name,
          service: readService(request),
          ...updateMask(query['updateMask']),
          validateOnly: flag('validateOnly', query['validateOnly']),
          allowMissing: flag('allowMissing', query['allowMissing']),
        }),
      );
      return operationReply(request, operation);
    }),
    resourceRoute('DELETE', `${SERVICES}/*`, (request, name) => {
      const operation = transition(cloud, (world) => deleteService(world, readDelete(request, name)));
      return operationReply(request, operation);
    }),
  ];
}

function reads({ world }: Cloud): readonly Route[] {
  return [
    resourceRoute('GET', SERVICES, (request, collection) => {
      const query = readQuery(request, ['pageSize', 'pageToken', 'showDeleted']);
      const services = listServices(world, collection.slice(0, -'/services'.length), page(query));
      return listReply(request, { field: 'services', type: 'Service' }, services);
    }),
    resourceRoute('GET', `${SERVICES}/*`, (request, name) => {
      readQuery(request, []);
      return messageReply(request, 'Service', getService(world, name));
    }),
  ];
}

function revisionRoutes(cloud: Cloud): readonly Route[] {
  const { world } = cloud;
  return [
    resourceRoute('GET', `${SERVICES}/*/revisions`, (request, collection) => {
      const query = readQuery(request, ['pageSize', 'pageToken', 'showDeleted']);
      const revisions = listRevisions(world, collection.slice(0, -'/revisions'.length), page(query));
      return listReply(request, { field: 'revisions', type: 'Revision' }, revisions);
    }),
    resourceRoute('GET', `${SERVICES}/*/revisions/*`, (request, name) => {
      readQuery(request, []);
      return messageReply(request, 'Revision', getRevision(world, name));
    }),
    resourceRoute('DELETE', `${SERVICES}/*/revisions/*`, (request, name) => {
      const operation = transition(cloud, (now) => deleteRevision(now, readDelete(request, name)));
      return operationReply(request, operation);
    }),
  ];
}

function readService(request: ApiRequest): Service {
  return readMessage(SERVICE, readJson(request));
}

function updateMask(text: string | undefined): { readonly updateMask?: readonly string[] } {
  if (text === undefined || text === '' || text === '*') return {};
  const paths = text.split(',').map((path) => {
    const known = maskPath(SERVICE, path.trim());
    if (known === undefined)
      throw new CloudError('INVALID_ARGUMENT', `Field '${path}' in 'update_mask' is not a field of Service.`);
    return known;
  });
  return { updateMask: paths };
}
