import { denied, may } from '../control/access/callers.ts';
import { CloudError } from '../control/cloud-error.ts';
import { placeOf } from '../control/names.ts';
import type { Cloud } from '../http/cloud.ts';
import type { ApiReply, ApiRequest, Route } from '../http/route.ts';
import { inWordsOfV1 } from './knative-error.ts';
import type { Projects } from './projects.ts';

/** What the v1 calls work on. */
export interface KnativeCloud extends Cloud {
  /** Of calls whose Host names no region. */
  readonly region: string;
  readonly projects: Projects;
  /** APIs that somebody has enabled, beside those that every project has. */
  readonly apis: Map<string, true>;
}

/** What a call is about. */
export interface Target {
  readonly request: ApiRequest;
  /** `projects/P/locations/L`; L is `-` in a list of all regions. */
  readonly parent: string;
  /** Short name of the resource; empty for its collection. */
  readonly name: string;
}

export type Handle = (target: Target) => ApiReply | Promise<ApiReply>;

/** One call; `path` is `services` or `services/*` or `jobs/*:run`. */
export interface Call {
  readonly method: string;
  readonly path: string;
  /** `Services.ListServices` */
  readonly rpc: string;
  readonly permission?: string;
}

/** A call by the path `/apis/GROUP/v1/namespaces/P/…`, whose region is in the Host; a list at the global host is of all regions. */
export function namespaced(cloud: KnativeCloud, group: string, [call, handle]: Handled): Route {
  const base = `/apis/${group.replaceAll('.', '\\.')}/v1/namespaces/([^/:]+)`;
  return {
    ...routeOf(call, base),
    handle: (request, namespace = '', name = '') => {
      const project = cloud.projects.idOf(namespace);
      const parent = `projects/${project}/locations/${locationOf(call, request) ?? cloud.region}`;
      return inV1(() => allowed(cloud, call, handle)({ request, parent, name }));
    },
  };
}

/** The same call by the path `/v1/projects/P/locations/L/…`. */
export function located(cloud: KnativeCloud, call: Call, handle: Handle): Route {
  return {
    ...routeOf(call, '/v1/projects/([^/:]+)/locations/([^/:]+)'),
    handle: (request, ...[project = '', location = '', name = '']) => {
      const parent = `projects/${cloud.projects.idOf(project)}/locations/${location}`;
      return inV1(() => allowed(cloud, call, handle)({ request, parent, name }));
    },
  };
}

export type Handled = readonly [call: Call, handle: Handle];

/** Calls by both paths. */
export function byBothPaths(cloud: KnativeCloud, group: string, calls: readonly Handled[]): readonly Route[] {
  return calls.flatMap(([call, handle]) => [
    namespaced(cloud, group, [call, handle]),
    located(cloud, call, handle),
  ]);
}

/** The call for those who may make it; others are told so, whether or not what they ask for is there. */
function allowed({ world }: KnativeCloud, { permission, path }: Call, handle: Handle): Handle {
  return (target) => {
    const { request, parent, name } = target;
    const collection = (path.split('/')[0] ?? '').replace('workerpools', 'workerPools');
    const resource = name === '' ? parent : `${parent}/${collection}/${name}`;
    if (permission !== undefined && !may(world, request.caller, [permission, resource]))
      throw denied(
        permission,
        `namespaces/${placeOf(parent).project}/${collection}/${name}`.replace(/\/$/, ''),
      );
    return handle(target);
  };
}

function routeOf({ method, path, rpc, permission }: Call, base: string): Omit<Route, 'handle'> {
  return {
    method,
    pattern: new RegExp(`^${base}/${segments(path)}$`),
    rpc: `google.cloud.run.v1.${rpc}`,
    ...(permission === undefined ? {} : { permission }),
  };
}

function segments(path: string): string {
  return path.replace('*', '([^/:]+)');
}

/** `us-central1` of `us-central1-run.googleapis.com`; `-` for a list at `run.googleapis.com`. */
function locationOf({ method, path }: Call, { headers }: ApiRequest): string | undefined {
  const authority = String(headers[':authority'] ?? headers.host ?? '');
  const isList = method === 'GET' && !path.includes('*');
  if (isList && GLOBAL_HOST.test(authority)) return '-';
  return REGIONAL_HOST.exec(authority)?.[1];
}

const GLOBAL_HOST = /^run\.googleapis\.com(?::\d+)?$/;
const REGIONAL_HOST = /^([a-z][a-z0-9-]*)-run\.googleapis\.com(?::\d+)?$/;

async function inV1(answer: () => ApiReply | Promise<ApiReply>): Promise<ApiReply> {
  try {
    return await answer();
  } catch (thrown) {
    throw thrown instanceof CloudError ? inWordsOfV1(thrown) : thrown;
  }
}
