import {
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  request as ask,
  type ServerResponse,
} from 'node:http';

import { messageOf } from '@fairlead/action-kit';

import { StartFailure } from './engine.ts';
import { requestHeaders, responseHeaders } from './forwarded-headers.ts';
import type { Lease, Revision } from './revision.ts';
import type { Running } from './running.ts';

/**
 * Carries one request to a revision and its answer back, both as they come. A stopped revision is started first while the request waits. A refused
 * connection never delivered anything, so the request is sent once more to a new instance; one that broke off is sent again only when repeating is safe.
 */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  revision: Revision,
): Promise<void> {
  const exchange = begin(request, response, revision);
  try {
    await carry(exchange);
  } catch (thrown) {
    refuse(response, 503, thrown instanceof StartFailure ? noInstance(thrown) : brokenConnection);
    if (!(thrown instanceof StartFailure)) exchange.say(messageOf(thrown));
  }
}

const brokenConnection =
  'upstream connect error or disconnect/reset before headers: the request failed because either the HTTP response was malformed or connection to the instance had an error';

function noInstance(failure: StartFailure): string {
  return `Service Unavailable: the request was aborted because there was no available instance: ${failure.message}`;
}

/** Answers in the platform's name, if nothing was answered yet; otherwise the connection is cut, as the client must not take half for whole. */
export function refuse(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
  response.end(`${text}\n`);
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly lease: Lease;
  readonly say: (text: string) => void;
  /** Aborted when the client is gone, the answer is complete or the time is over. */
  readonly over: AbortSignal;
}

function begin(request: IncomingMessage, response: ServerResponse, revision: Revision): Exchange {
  const lease = revision.lease();
  const startedMs = performance.now();
  const over = new AbortController();
  const timer = setTimeout(() => {
    revision.say('The request has been terminated because it has reached the maximum request timeout.');
    refuse(response, 504, 'upstream request timeout');
    over.abort();
  }, revision.spec.timeoutSeconds * 1_000);
  response.once('close', () => {
    clearTimeout(timer);
    over.abort();
    const answer = { status: response.statusCode, latencyMs: performance.now() - startedMs };
    lease.end(response.headersSent ? answer : undefined);
  });
  return { request, response, lease, over: over.signal, say: revision.say };
}

function isOver({ over }: Exchange): boolean {
  return over.aborted;
}

// One for an idle connection that the server had closed, one for an instance that has just ended.
const mostAttempts = 3;

async function carry(exchange: Exchange): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const instance = await exchange.lease.instance();
    if (isOver(exchange)) return;
    // After a break the request goes on a connection of its own: others that idle may be as dead as the first.
    const broken = await exchangeWith(instance, exchange, attempt === 1 ? instance.agent : false);
    if (broken === undefined || isOver(exchange)) return;
    if (attempt === mostAttempts || !isRepeatable(broken, exchange)) throw broken.error;
    if (!broken.wasReused && !(await endsSoon(instance))) throw broken.error;
  }
}

interface Broken {
  readonly error: Error;
  readonly isRefused: boolean;
  /** The connection had served requests before: the server may have closed it as it idled, which says nothing of the instance. */
  readonly wasReused: boolean;
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

function isRepeatable({ isRefused }: Broken, { request, response }: Exchange): boolean {
  if (response.headersSent) return false;
  if (isRefused) return true;
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  return safeMethods.has(request.method ?? '') && !hasBody;
}

// The kernel refuses connections a moment before we are told that the process ended.
const deathNoticeMs = 500;

function endsSoon(instance: Running): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, deathNoticeMs, false);
    void instance.exited.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

function exchangeWith(
  instance: Running,
  exchange: Exchange,
  agent: Agent | false,
): Promise<Broken | undefined> {
  const { request, response, over } = exchange;
  return new Promise((resolve) => {
    const upstream = ask({
      host: '127.0.0.1',
      port: instance.port,
      agent,
      method: request.method,
      path: request.url,
      headers: requestHeaders(request),
      setHost: false,
    });
    const cut = () => upstream.destroy();
    over.addEventListener('abort', cut, { once: true });
    response.once('close', () => {
      resolve(undefined);
    });
    upstream.once('response', (answer) => {
      passOn(answer, response);
    });
    upstream.on('error', (error: NodeJS.ErrnoException) => {
      over.removeEventListener('abort', cut);
      request.unpipe(upstream);
      resolve({ error, isRefused: error.code === 'ECONNREFUSED', wasReused: upstream.reusedSocket });
    });
    sendBody(request, upstream);
  });
}

/** The body is read from the client only once there is a connection, so that a refused one has cost nothing of it. */
function sendBody(request: IncomingMessage, upstream: ClientRequest): void {
  upstream.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', () => request.pipe(upstream));
    else request.pipe(upstream);
  });
}

function passOn(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', responseHeaders(answer));
  // Headers go with the first bytes of the body when these are here already, and alone when they are late (event streams).
  setImmediate(() => {
    if (!response.writableEnded) response.flushHeaders();
  });
  answer.once('end', () => {
    response.addTrailers(answer.trailers);
  });
  answer.on('error', () => {
    response.destroy();
  });
  answer.pipe(response);
}
