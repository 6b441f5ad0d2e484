import { isNotFound } from '@fairlead/google';
import { isSameTraffic, trafficOf, type TrafficTarget } from '@fairlead/rollout';
import type { Api } from './api.ts';
import { locationPath, type ServiceName, servicePath } from './names.ts';
import { type Operation, operationOf } from './operation.ts';
import { type Service, serviceOf, wireTarget } from './service.ts';
import type { RevisionTemplate } from './template.ts';
import { type Wire, wireOf } from './wire.ts';
import { writeOnce } from './write-once.ts';

/** What is to be written to a service; fields that are absent are not touched. */
export interface ServiceChange {
  readonly template?: RevisionTemplate;
  readonly traffic?: readonly TrafficTarget[];
  /** All annotations that the service shall have. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ingress?: string;
  readonly invokerIamDisabled?: boolean;
  readonly description?: string;
}

/** A write that the server took: an operation to wait for, or, when its reply was lost, the service that shows it. */
export type Written =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'landed'; readonly service: Service };

export async function getService(api: Api, name: ServiceName): Promise<Service | undefined> {
  const what = `get service ${name.service}`;
  try {
    return serviceOf(
      wireOf(await api.google.request({ method: 'GET', path: `/v2/${servicePath(name)}`, what }), what),
    );
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

/** Creates a service. A conflict means that it exists already, made by somebody else. */
export async function createService(api: Api, name: ServiceName, change: ServiceChange): Promise<Written> {
  const what = `create service ${name.service}`;
  const path = `/v2/${locationPath(name)}/services?serviceId=${encodeURIComponent(name.service)}`;
  return writeOnce<Written, Service>({
    what,
    write: async () => {
      const body = wireChange(change);
      return operation(await api.google.request({ method: 'POST', path, what, body }), what);
    },
    landed: (service) => ({ kind: 'landed', service }),
    read: () => getService(api, name),
    isBefore: (live) => live === undefined,
    isDone: (live) => shows(live, change),
  });
}

/** Writes to a service under the etag that was read. A conflict means that somebody else wrote since. */
export async function patchService(
  api: Api,
  name: ServiceName,
  { etag, change }: { readonly etag: string; readonly change: ServiceChange },
): Promise<Written> {
  const what = `update service ${name.service}`;
  const path = `/v2/${servicePath(name)}?updateMask=${Object.keys(change).join(',')}`;
  const body = { name: servicePath(name), etag, ...wireChange(change) };
  return writeOnce<Written, Service>({
    what,
    write: async () => operation(await api.google.request({ method: 'PATCH', path, what, body }), what),
    landed: (service) => ({ kind: 'landed', service }),
    read: () => getService(api, name),
    isBefore: (live) => live?.etag === etag,
    isDone: (live) => shows(live, change),
  });
}

function operation(answer: unknown, what: string): Written {
  return { kind: 'operation', operation: operationOf(wireOf(answer, what)) };
}

function wireChange(change: ServiceChange): Wire {
  return { ...change, ...(change.traffic === undefined ? {} : { traffic: change.traffic.map(wireTarget) }) };
}

/** Whether a live service shows all of a change: its revision by name, which is derived from the content. */
function shows(live: Service | undefined, change: ServiceChange): live is Service {
  if (live === undefined) return false;
  const { template, traffic, annotations, ingress } = change;
  const latest = live.latestReadyRevision;
  return (
    (template === undefined || live.template.revision === template.revision) &&
    (traffic === undefined || isSameTraffic(trafficOf(live.traffic, latest), trafficOf(traffic, latest))) &&
    (ingress === undefined || live.ingress === ingress) &&
    Object.entries(annotations ?? {}).every(([key, value]) => live.annotations[key] === value)
  );
}
