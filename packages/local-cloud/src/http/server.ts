import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { CloudError, httpCode } from '../control/cloud-error.ts';
import type { FaultAnswer } from '../faults/fault-answer.ts';
import { refuseTunnel, takeAbsoluteForm } from './absolute-form.ts';
import { handOverHttp2 } from './by-preface.ts';
import type { CallLog, LoggedCall } from './call-log.ts';
import type { Cloud } from './cloud.ts';
import type { Fault, Faults } from './faults.ts';
import { checkOrigin } from './own-host.ts';
import { type ApiReply, type ApiRequest, dispatch, errorReply, type Route, routeFor } from './route.ts';
import { underFault } from './under-fault.ts';

/** Larger than any supergraph or template; a body beyond it is refused. */
const BODY_LIMIT_BYTES = 64 * 1024 * 1024;

export interface ApiServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export interface ApiServerOptions extends Pick<Cloud, 'world' | 'clock'> {
  readonly port: number;
  readonly routes: readonly Route[];
  readonly faults: Faults;
  readonly calls: CallLog;
  /** Told of a defect of ours, which the caller sees as 500. */
  readonly onDefect: (thrown: unknown) => void;
  /** Serves a connection that speaks HTTP/2: gRPC at the same port. */
  readonly adoptHttp2: (socket: Socket) => void;
}

/** Serves the routes on loopback. Calls below `/-/` and the console's steer the local cloud itself: no fault hits them and no log keeps them. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const closing = new AbortController();
  const server = createServer((request, response) => {
    takeAbsoluteForm(request);
    void serve(options, { request, response, signal: closing.signal });
  });
  const dropSilent = handOverHttp2(server, options.adoptHttp2);
  server.on('connect', refuseTunnel);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      closing.abort(new Error('the local cloud is closing'));
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      server.closeAllConnections();
      dropSilent();
      return closed;
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
}

async function serve(options: ApiServerOptions, exchange: Exchange): Promise<void> {
  const startMs = performance.now();
  const { method = 'GET', url = '/' } = exchange.request;
  const isSteering = /^\/(?:-\/|console\/|(?:\?|$))/.test(url);
  const route = routeFor(options.routes, { method, path: pathOf(url) });
  const call = { method, url, ...named(route) };
  const fault = isSteering ? undefined : options.faults.hit(call);
  const apply = () => answer(options, exchange, fault);
  const reply = await underFault(options, fault, { call, apply, refuse: faultReply });
  if (!isSteering) {
    options.calls.add({
      method,
      path: url,
      ...named(route, reply),
      ...(reply === undefined ? {} : { status: reply.status }),
      durationMs: Math.round(performance.now() - startMs),
      ...(fault === undefined ? {} : { fault: fault.effect }),
    });
  }
  if (reply === undefined) exchange.request.socket.destroy();
  else send(exchange.response, withDate(options, reply));
}

function pathOf(url: string): string {
  try {
    return decodedPath(url.split('?')[0] ?? '');
  } catch {
    return url;
  }
}

function named(route: Route | undefined, reply?: ApiReply): Pick<LoggedCall, 'rpc' | 'permission'> {
  const permission = reply?.permission ?? route?.permission;
  return {
    ...(route?.rpc === undefined ? {} : { rpc: route.rpc }),
    ...(permission === undefined ? {} : { permission }),
  };
}

/** A cloud whose clock is wrong says so in the Date of its answers. */
function withDate({ clock, faults }: ApiServerOptions, reply: ApiReply): ApiReply {
  const skewMs = faults.skewMs();
  if (skewMs === 0) return reply;
  return { ...reply, headers: { ...reply.headers, date: new Date(clock.now() + skewMs).toUTCString() } };
}

async function answer(
  options: ApiServerOptions,
  exchange: Exchange,
  fault: Fault | undefined,
): Promise<ApiReply> {
  try {
    checkOrigin(exchange.request.headers, exchange.request.socket.localPort ?? 0);
    const request = await readRequest(exchange);
    return await options.faults.during(fault, () => dispatch(options.routes, request));
  } catch (thrown) {
    if (thrown instanceof CloudError)
      return errorReply(httpCode(thrown.code), {
        message: thrown.message,
        status: thrown.code,
        details: thrown.details,
      });
    if (thrown instanceof TooLarge)
      return errorReply(413, { message: thrown.message, status: 'INVALID_ARGUMENT' });
    options.onDefect(thrown);
    return errorReply(500, { message: 'Internal error encountered.', status: 'INTERNAL' });
  }
}

class TooLarge extends Error {}

async function readRequest({ request, signal }: Exchange): Promise<ApiRequest> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  return {
    method: request.method ?? 'GET',
    path: decodedPath(url.pathname),
    query: url.searchParams,
    headers: request.headers,
    body: await readBody(request),
    signal,
  };
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new CloudError('INVALID_ARGUMENT', `path "${path}" is not validly percent-encoded`);
  }
}

// A body that is too large is read to its end and thrown away: a connection that is cut would hide the answer.
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= BODY_LIMIT_BYTES) chunks.push(chunk);
  }
  if (bytes > BODY_LIMIT_BYTES)
    throw new TooLarge(`the body must be at most ${BODY_LIMIT_BYTES} bytes, got ${bytes}`);
  return Buffer.concat(chunks);
}

function faultReply({ status, error, retryAfter }: FaultAnswer): ApiReply {
  const reply = errorReply(status, error);
  return retryAfter === undefined ? reply : { ...reply, headers: { 'retry-after': String(retryAfter) } };
}

function send(response: ServerResponse, { status, headers, body }: ApiReply): void {
  const bytes = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    ...(Buffer.isBuffer(body) || body === undefined
      ? {}
      : { 'content-type': 'application/json; charset=UTF-8' }),
    'x-content-type-options': 'nosniff',
    ...(bytes === undefined ? {} : { 'content-length': bytes.length }),
    ...headers,
  });
  response.end(bytes);
}
