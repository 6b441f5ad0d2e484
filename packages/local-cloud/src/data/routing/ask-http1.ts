import { type ClientRequest, type IncomingMessage, request } from 'node:http';

import { messageOf } from '@fairlead/action-kit';

import type { Running } from '../containers/running.ts';
import type { Caller, RawHeaders } from '../requests/caller.ts';
import { endToEnd } from '../requests/raw-headers.ts';
import { type Attempt, type Broken, forwardedHeaders } from './ask.ts';
import type { Exchange } from './exchange.ts';

/** One attempt at one instance over HTTP/1.1; undefined when the exchange is over, be it well or not. */
export function askHttp1(
  instance: Running,
  exchange: Exchange,
  { added, isFirst }: Attempt,
): Promise<Broken | undefined> {
  const { caller } = exchange;
  return new Promise((resolve, reject) => {
    const upstream = request({
      host: '127.0.0.1',
      port: instance.port,
      agent: isFirst ? instance.agent : false,
      method: caller.method,
      path: caller.path,
      headers: headersFor(exchange),
      setHost: false,
    });
    exchange.onOver(() => {
      upstream.destroy();
      resolve(undefined);
    });
    upstream.once('response', (answer) => {
      try {
        passOn(answer, caller, added);
      } catch (thrown) {
        // A status or header that cannot be handed on.
        reject(new Error(messageOf(thrown), { cause: thrown }));
      }
    });
    upstream.once('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(new Error('the instance changed the protocol unasked'));
    });
    upstream.on('error', (error: NodeJS.ErrnoException) => {
      caller.body.unpipe(upstream);
      resolve({ error, isRefused: error.code === 'ECONNREFUSED', wasReused: upstream.reusedSocket });
    });
    sendBody(caller, upstream);
  });
}

function headersFor(exchange: Exchange): string[] {
  const { caller } = exchange;
  const headers = forwardedHeaders(exchange);
  headers.unshift('Host', caller.host);
  if (caller.hasBody && caller.header('content-length') === undefined)
    headers.push('Transfer-Encoding', 'chunked');
  return headers;
}

/** The body is read from the client only once there is a connection, so that a refused one has cost nothing of it. */
function sendBody(caller: Caller, upstream: ClientRequest): void {
  if (!caller.hasBody) {
    upstream.end();
    return;
  }
  if (caller.expectsContinue) {
    upstream.once('continue', () => {
      caller.sayContinue();
    });
    upstream.flushHeaders();
  }
  upstream.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', () => caller.body.pipe(upstream));
    else caller.body.pipe(upstream);
  });
}

function passOn(answer: IncomingMessage, caller: Caller, added: RawHeaders): void {
  const headers = endToEnd(answer.rawHeaders, answer.headers.connection);
  if (added.length > 0) headers.push(...added);
  const { statusCode: status = 502, statusMessage: message = '' } = answer;
  caller.answer({ status, message, headers, isAll: false });
  answer.once('end', () => {
    if (answer.rawTrailers.length > 0) caller.addTrailers(answer.rawTrailers);
  });
  answer.on('error', () => {
    caller.cut();
  });
  answer.pipe(caller.sink);
}
