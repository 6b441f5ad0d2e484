import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { messageOf } from '@fairlead/action-kit';

import { CloudError, httpCode, statusOf } from '../control/cloud-error.ts';
import type { CallLog } from './call-log.ts';
import type { Fault, Faults } from './faults.ts';
import { checkOrigin } from './own-host.ts';
import { type ApiReply, type ApiRequest, dispatch, errorReply, type Route } from './route.ts';

/** Larger than any supergraph or template; a body beyond it is refused. */
const BODY_LIMIT_BYTES = 64 * 1024 * 1024;

export interface ApiServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export interface ApiServerOptions {
  readonly port: number;
  readonly routes: readonly Route[];
  readonly faults: Faults;
  readonly calls: CallLog;
  /** Called before an answer is sent, so that what it says outlives this process. */
  readonly commit?: () => void;
  /** Told of a defect of ours, which the caller sees as 500. */
  readonly onDefect: (thrown: unknown) => void;
}

/** Serves the routes on loopback. Calls below `/-/` steer the local cloud itself: no fault hits them and no log keeps them. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const closing = new AbortController();
  const server = createServer((request, response) => {
    void serve(options, { request, response, signal: closing.signal });
  });
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
  const { method = 'GET', url = '/' } = exchange.request;
  const isSteering = url.startsWith('/-/');
  const fault = isSteering ? undefined : options.faults.hit({ method, url });
  const reply = await replyTo(options, exchange, fault);
  if (!isSteering) {
    options.calls.add({
      method,
      path: url,
      ...(reply === undefined ? {} : { status: reply.status }),
      ...(fault === undefined ? {} : { fault: fault.effect }),
    });
  }
  if (reply === undefined) exchange.request.socket.destroy();
  else send(exchange.response, reply);
}

/** Undefined when the connection is to break instead. */
async function replyTo(
  options: ApiServerOptions,
  exchange: Exchange,
  fault: Fault | undefined,
): Promise<ApiReply | undefined> {
  if (fault?.effect === 'fail-before') return undefined;
  if (fault?.effect === 'status') return faultReply(fault);
  const reply = kept(options, await answer(options, exchange));
  if (fault?.effect === 'drop-reply') return undefined;
  return fault?.effect === 'apply-then-503' ? faultReply({ ...fault, status: 503 }) : reply;
}

/** The reply, once what it says is kept; a refusal when that cannot be. */
function kept({ commit }: ApiServerOptions, reply: ApiReply): ApiReply {
  try {
    commit?.();
    return reply;
  } catch (thrown) {
    return errorReply(503, { message: messageOf(thrown), status: 'UNAVAILABLE' });
  }
}

async function answer(options: ApiServerOptions, exchange: Exchange): Promise<ApiReply> {
  try {
    checkOrigin(exchange.request.headers, exchange.request.socket.localPort ?? 0);
    return await dispatch(options.routes, await readRequest(exchange));
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
  const url = targetOf(request.url ?? '/');
  return {
    method: request.method ?? 'GET',
    path: decodedPath(url.pathname),
    query: url.searchParams,
    headers: request.headers,
    body: await readBody(request),
    signal,
  };
}

// A path may begin with two slashes, which a URL alone would take for a host.
function targetOf(text: string): URL {
  const url = text.startsWith('/')
    ? URL.parse(`http://127.0.0.1${text}`)
    : URL.parse(text, 'http://127.0.0.1');
  if (url === null) throw new CloudError('INVALID_ARGUMENT', `request target "${text}" is no path`);
  return url;
}

function decodedPath(path: string): string {
  const decoded = decodedOf(path);
  // No name has one, and a path of a file must not.
  if (decoded === undefined || decoded.includes('\u0000'))
    throw new CloudError('INVALID_ARGUMENT', `path "${path}" is not validly percent-encoded`);
  return decoded;
}

function decodedOf(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
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

function faultReply({ status = 503, message, code, retryAfter }: Fault): ApiReply {
  const reply = errorReply(status, {
    message: message ?? 'The service is currently unavailable.',
    status: code ?? statusOf(status),
  });
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
