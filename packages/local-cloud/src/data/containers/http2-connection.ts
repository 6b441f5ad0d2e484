import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type OutgoingHttpHeaders,
} from 'node:http2';

import { repeatedFields } from '../requests/repeated-fields.ts';

/** Streams to one instance that speaks HTTP/2 without TLS, over one connection that is made when it is needed and again when it is lost. */
export interface Http2Connection {
  readonly openStream: (
    headers: OutgoingHttpHeaders,
    options: { readonly endStream: boolean },
  ) => OpenedStream;
  readonly destroy: () => void;
}

export interface OpenedStream {
  readonly stream: ClientHttp2Stream;
  /** The connection was there before. */
  readonly wasReused: boolean;
}

export function http2Connection(port: number): Http2Connection {
  let session: ClientHttp2Session | undefined;
  const open = (): ClientHttp2Session => {
    const made = connect(`http://127.0.0.1:${port}`, repeatedFields);
    // Each stream is told of it, too.
    made.on('error', () => undefined);
    const forget = () => {
      if (session === made) session = undefined;
    };
    made.once('close', forget).once('goaway', forget);
    made.unref();
    return made;
  };
  return {
    openStream: (headers, options) => {
      const wasReused = session !== undefined && !session.closed && !session.destroyed;
      const used = wasReused && session !== undefined ? session : open();
      session = used;
      return { stream: used.request(headers, options), wasReused };
    },
    destroy: () => session?.destroy(),
  };
}
