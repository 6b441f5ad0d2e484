import { type ClientHttp2Stream, constants } from 'node:http2';

import { messageOf } from '@fairlead/action-kit';

import type { Running } from '../containers/running.ts';
import type { Caller } from '../requests/caller.ts';
import { headerFields, withoutPseudo } from '../requests/raw-headers.ts';
import { type Attempt, type Broken, forwardedHeaders } from './ask.ts';
import type { Exchange } from './exchange.ts';

/** One attempt at one instance that speaks HTTP/2 without TLS; undefined when the exchange is over, be it well or not. */
export function askHttp2(
  instance: Running,
  exchange: Exchange,
  { added }: Attempt,
): Promise<Broken | undefined> {
  const { caller } = exchange;
  const { stream, wasReused } = instance.openStream(fieldsFor(exchange), { endStream: !caller.hasBody });
  return new Promise((resolve, reject) => {
    exchange.onOver(() => {
      stream.close(constants.NGHTTP2_CANCEL);
      resolve(undefined);
    });
    stream.once('response', (fields, flags, raw: string[]) => {
      const isAll = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      const headers = [...withoutPseudo(raw), ...added];
      try {
        caller.answer({ status: fields[':status'] ?? 502, headers, isAll });
      } catch (thrown) {
        // A status or header that cannot be handed on.
        reject(new Error(messageOf(thrown), { cause: thrown }));
        return;
      }
      if (!isAll) stream.pipe(caller.sink);
    });
    stream.on('trailers', (_fields, _flags, raw?: string[]) => {
      caller.addTrailers(raw ?? []);
    });
    stream.on('error', (error: NodeJS.ErrnoException) => {
      caller.body.unpipe(stream);
      if (caller.status !== undefined) caller.cut();
      resolve({ error, isRefused: error.code === 'ECONNREFUSED', wasReused });
    });
    sendBody(caller, stream);
  });
}

function fieldsFor(exchange: Exchange) {
  const { caller } = exchange;
  return {
    ...headerFields(forwardedHeaders(exchange)),
    ':method': caller.method,
    ':path': caller.path,
    ':scheme': 'http',
    ':authority': caller.host,
  };
}

function sendBody(caller: Caller, stream: ClientHttp2Stream): void {
  if (!caller.hasBody) return;
  if (caller.expectsContinue)
    stream.once('continue', () => {
      caller.sayContinue();
    });
  if (stream.pending) stream.once('ready', () => caller.body.pipe(stream));
  else caller.body.pipe(stream);
}
