import type { Service } from '../control/resources.ts';
import {
  createService,
  deleteService,
  getService,
  listServices,
  updateService,
} from '../control/services/services.ts';
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

const SERVICES = 'google.cloud.run.v2.Services';

interface CreateServiceRequest {
  readonly parent?: string;
  readonly service?: Service;
  readonly serviceId?: string;
  readonly validateOnly?: boolean;
}

interface UpdateServiceRequest {
  readonly service?: Service;
  readonly updateMask?: string;
  readonly validateOnly?: boolean;
  readonly allowMissing?: boolean;
}

/** google.cloud.run.v2.Services without its IAM methods. */
export const SERVICE_METHODS: Methods = {
  [`${SERVICES}.CreateService`]: method('run.services.create', (request: CreateServiceRequest, call) => {
    const { parent = '', serviceId = '', service = {}, validateOnly = false } = request;
    return transition(call, (world) => createService(world, { parent, serviceId, service, validateOnly }));
  }),
  [`${SERVICES}.GetService`]: method('run.services.get', ({ name = '' }: NameRequest, { world }) =>
    getService(world, name),
  ),
  [`${SERVICES}.ListServices`]: method('run.services.list', (request: ListRequest, { world }) =>
    listReply('services', listServices(world, regionIn('ListServices', request), pageIn(request))),
  ),
  [`${SERVICES}.UpdateService`]: method('run.services.update', (request: UpdateServiceRequest, call) => {
    const { service = {}, updateMask, validateOnly = false, allowMissing = false } = request;
    const wanted = { name: service.name ?? '', service, validateOnly, allowMissing };
    const mask = maskIn('Service', updateMask);
    return transition(call, (world) => updateService(world, { ...wanted, ...mask }));
  }),
  [`${SERVICES}.DeleteService`]: method('run.services.delete', (request: RemoveRequest, call) =>
    transition(call, (world) => deleteService(world, deleteIn(request))),
  ),
};
