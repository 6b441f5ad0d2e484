import type { IncomingHttpHeaders } from 'node:http';

import type { Caller } from '../control/access/callers.ts';
import { CloudError } from '../control/cloud-error.ts';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Aborts when the server closes. */
  readonly signal: AbortSignal;
  /** Absent where whoever calls may do everything. */
  readonly caller?: Caller;
}

export interface ApiReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is when it is bytes, as JSON otherwise; nothing when undefined. */
  readonly body?: Buffer | object;
  /** The IAM permission that the call needed, where what was asked decides it. */
  readonly permission?: string;
}

/** One call of an API. `name` is what the pattern caught, slashes and all. */
export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  /** The full name of the method that it is, for faults and for the log of calls. */
  readonly rpc?: string;
  /** The IAM permission that it needs of its caller, for the log of calls. */
  readonly permission?: string;
  readonly handle: (request: ApiRequest, ...caught: readonly string[]) => ApiReply | Promise<ApiReply>;
}

/** A route whose path is a resource: `*` stands for one segment; what follows `:` is a custom verb. The whole resource is caught. */
export function resourceRoute(
  method: string,
  path: `/${string}`,
  handle: (request: ApiRequest, name: string) => ApiReply | Promise<ApiReply>,
): Route {
  const [resource = '', verb] = path.split(':');
  const [, version = '', name = ''] = /^\/(\w+)\/(.*)$/.exec(resource) ?? [];
  const segments = name.replaceAll('*', '[^/:]+');
  const pattern = new RegExp(`^/${version}/(${segments})${verb === undefined ? '' : `:${verb}`}$`);
  return { method, pattern, handle: (request, caught = '') => handle(request, caught) };
}

/** The route that a call will take, if any. */
export function routeFor(
  routes: readonly Route[],
  { method, path }: Pick<ApiRequest, 'method' | 'path'>,
): Route | undefined {
  return routes.find((route) => route.method === method && route.pattern.test(path));
}

/** The answer of the first route that fits; 404 for a path that none knows, 405 for one known by another method. */
export async function dispatch(routes: readonly Route[], request: ApiRequest): Promise<ApiReply> {
  const route = routeFor(routes, request);
  if (route !== undefined) return route.handle(request, ...(route.pattern.exec(request.path) ?? []).slice(1));
  if (routes.some(({ pattern }) => pattern.test(request.path)))
    return errorReply(405, {
      message: `method ${request.method} is not known for ${request.path}`,
      status: 'UNIMPLEMENTED',
    });
  throw new CloudError('NOT_FOUND', `The requested URL ${request.path} was not found on this server.`);
}

export interface ErrorBody {
  readonly message: string;
  readonly status: string;
  readonly details?: readonly object[];
}

/** The error payload of Google's JSON APIs. */
export function errorReply(code: number, { message, status, details = [] }: ErrorBody): ApiReply {
  return {
    status: code,
    body: { error: { code, message, status, ...(details.length === 0 ? {} : { details }) } },
  };
}
