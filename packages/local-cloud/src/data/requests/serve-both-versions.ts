import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import type { Http2Request } from './http2-caller.ts';
import { OpenConnections } from './open-connections.ts';
import { repeatedFields } from './repeated-fields.ts';

/** A request that leaves HTTP, with what came of the other protocol already. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly client: Duplex;
  readonly head: Buffer;
}

export interface Handlers {
  readonly onHttp1: (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => void;
  readonly onHttp2: (request: Http2Request) => void;
  readonly onUpgrade: (upgrade: Upgrade) => void;
}

export interface BothVersions {
  readonly listen: (port: number) => Promise<void>;
  readonly address: () => AddressInfo;
  readonly close: () => Promise<void>;
  readonly cut: () => Promise<void>;
}

/** One port of 127.0.0.1 for HTTP/1.1 and HTTP/2 without TLS: the first bytes of a connection tell which. */
export function serveBothVersions(handlers: Handlers): BothVersions {
  const open = new OpenConnections();
  // Made with the first connection: most addresses of a full store never have one.
  let http1: ReturnType<typeof http1Server> | undefined;
  let http2: ReturnType<typeof http2Server> | undefined;
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket);
    handOver(socket, (isHttp2) => {
      const speaking = isHttp2
        ? (http2 ??= http2Server(handlers, open))
        : (http1 ??= http1Server(handlers, open));
      speaking.emit('connection', socket);
    });
  });
  const closed = (end: () => void) =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      end();
    });
  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      }),
    address: () => server.address() as AddressInfo,
    close: () =>
      closed(() => {
        open.endIdle();
      }),
    cut: () =>
      closed(() => {
        open.cut();
      }),
  };
}

function http1Server({ onHttp1, onUpgrade }: Handlers, open: OpenConnections) {
  const isWebSocket = (request: IncomingMessage) => request.headers.upgrade?.toLowerCase() !== 'h2c';
  const server = createHttp1({ shouldUpgradeCallback: isWebSocket });
  const handle = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => {
    const { socket } = request;
    open.isBusy(socket);
    response.once('close', () => {
      open.isIdle(socket);
    });
    onHttp1(request, response, expectsContinue);
  };
  server.on('request', (request, response) => {
    handle(request, response, false);
  });
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response, true);
  });
  server.on('upgrade', (request, client, head) => {
    open.isBusy(request.socket);
    onUpgrade({ request, client, head });
  });
  // As Cloud Run: a request may take an hour, and idle connections outlive the clients' own limits, so that it is the client who closes.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 620_000;
  return server;
}

function http2Server({ onHttp2 }: Handlers, open: OpenConnections) {
  const server = createHttp2(repeatedFields);
  server.on('session', (session) => {
    open.addSession(session);
  });
  server.on('stream', (stream, fields, ...[, raw]: [number, string[]]) => {
    onHttp2({ stream, fields, raw });
  });
  return server;
}

// "PRI * HTTP/2.0": no method of HTTP/1 begins like this.
const preface = Buffer.from('PRI ');

function handOver(socket: Socket, to: (isHttp2: boolean) => void): void {
  const onError = () => socket.destroy();
  socket.on('error', onError);
  const look = () => {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) return;
    socket.off('readable', look);
    socket.off('error', onError);
    socket.unshift(chunk);
    to(chunk.subarray(0, preface.length).equals(preface));
  };
  socket.on('readable', look);
}
