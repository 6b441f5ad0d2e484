import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { finished } from 'node:stream';

import { foreignHeader } from '../http/own-host.ts';
import { authentication, type Authentication, type Credentials } from './authentication.ts';
import { dispatch } from './dispatch.ts';
import { answer, type PushPolicy, type Registry } from './exchange.ts';
import { errorBody, refusalFor, RegistryError } from './registry-error.ts';
import { routeOf } from './route.ts';
import { diskStore } from './store.ts';
import { uploadsInto } from './uploads.ts';

export interface RegistryOptions {
  /** A free one unless told. */
  readonly port?: number;
  /** Where content and names are kept; made when it is not there, found again by the next start. */
  readonly folder: string;
  /** Everything may be pushed and every tag be moved unless told. */
  readonly policy?: Partial<PushPolicy>;
  /** Asked for when given; anyone may read and write otherwise. */
  readonly credentials?: Credentials;
  /** Told of each request when its answer is complete, for logs and counts. */
  readonly onAnswer?: (answered: Answered) => void;
  /** Milliseconds since the epoch, for the times of uploads; the system's unless told. */
  readonly now?: () => number;
  /** A refusal in place of the answer, or `reset` for a connection that is cut: for tests of clients. */
  readonly fault?: (request: Requested) => Fault | undefined;
}

export interface Requested {
  readonly method: string;
  /** With the query. */
  readonly path: string;
}

export interface Answered extends Requested {
  readonly status: number;
}

export type Fault =
  'reset' | { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

/** A registry that serves, and what it holds. */
export interface ServedRegistry {
  readonly running: RunningRegistry;
  readonly registry: Registry;
}

export interface RunningRegistry {
  /** Host and port: `127.0.0.1:41234`. */
  readonly address: string;
  readonly close: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** Starts an OCI registry (distribution specification 1.1) on the loopback interface; resolves when it listens. */
export async function startRegistry(options: RegistryOptions): Promise<RunningRegistry> {
  return (await serveRegistry(options)).running;
}

export async function serveRegistry(options: RegistryOptions): Promise<ServedRegistry> {
  // An upload ends with the server that began it.
  await rm(join(options.folder, 'uploads'), { recursive: true, force: true });
  const store = diskStore(options.folder, options.now);
  const registry: Registry = {
    store,
    uploads: uploadsInto(store),
    policy: { hasImmutableTags: () => false, checkPush: () => undefined, ...options.policy },
    inTurn: queue(),
  };
  const doorman = authentication(options.credentials);
  const server = createServer((request, response) => {
    void serve({ registry, doorman, options }, request, response);
  });
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const close = () => stop(server);
  return { registry, running: { address: `127.0.0.1:${port}`, close, [Symbol.asyncDispose]: close } };
}

interface Serving {
  readonly registry: Registry;
  readonly doorman: Authentication;
  readonly options: RegistryOptions;
}

async function serve(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { registry, doorman, options } = serving;
  const requested = { method: request.method ?? 'GET', path: request.url ?? '/' };
  response.once('finish', () => options.onAnswer?.({ ...requested, status: response.statusCode }));
  try {
    checkHost(request);
    const url = targetOf(requested.path);
    const exchange = { registry, request, response, query: url.searchParams };
    const fault = options.fault?.(requested);
    if (fault === 'reset') {
      request.socket.destroy();
      return;
    }
    if (fault !== undefined) throw refusalOf(fault);
    const route = routeOf(url.pathname, requested.method);
    if (route.kind === 'token') {
      doorman.giveToken(exchange);
      return;
    }
    doorman.check(request);
    await dispatch(exchange, route);
  } catch (thrown) {
    refuse({ request, response }, thrown);
  }
}

// As the API does: a web page must not be able to push an image that is then run.
function checkHost({ headers, socket }: IncomingMessage): void {
  const message = foreignHeader(headers, socket.localPort ?? 0);
  if (message !== undefined) throw new RegistryError({ status: 403, code: 'DENIED', message });
}

function targetOf(path: string): URL {
  const url = URL.parse(path.replace(/^\/+/, '/'), 'http://registry');
  if (url !== null) return url;
  throw new RegistryError({
    status: 400,
    code: 'UNSUPPORTED',
    message: `request target "${path}" is no path`,
  });
}

function refuse(exchange: { request: IncomingMessage; response: ServerResponse }, thrown: unknown): void {
  const { request, response } = exchange;
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const error = refusalFor(thrown);
  const headers = { 'content-type': 'application/json', ...error.headers };
  // What is still being sent is read to its end first: docker does not look for an answer before it has sent all.
  finished(request.resume(), () => {
    if (!response.destroyed) answer(exchange, { status: error.status, headers, body: errorBody(error) });
  });
}

function refusalOf({ status, headers = {} }: Exclude<Fault, 'reset'>): RegistryError {
  const code = ({ 401: 'UNAUTHORIZED', 403: 'DENIED', 429: 'TOOMANYREQUESTS' } as const)[status] ?? 'UNKNOWN';
  return new RegistryError({ status, code, message: `answered ${status} on demand` }, headers);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

function queue(): Registry['inTurn'] {
  const last = new Map<string, Promise<unknown>>();
  return (name, write) => {
    const turn = (last.get(name) ?? Promise.resolve()).then(write, write);
    last.set(name, turn);
    return turn;
  };
}
