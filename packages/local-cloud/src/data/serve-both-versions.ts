import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2, type ServerHttp2Session } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import type { Http2Request } from './http2-caller.ts';

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
  const http1 = http1Server(handlers);
  const http2 = createHttp2();
  const sessions = new Set<ServerHttp2Session>();
  const sockets = new Set<Socket>();
  http2.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  http2.on('stream', (stream, fields, ...[, raw]: [number, string[]]) => {
    handlers.onHttp2({ stream, fields, raw });
  });
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    handOver(socket, (isHttp2) => (isHttp2 ? http2 : http1).emit('connection', socket));
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      http1.close();
      http1.closeIdleConnections();
      sessions.forEach((session) => {
        session.close();
      });
    });
  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      }),
    address: () => server.address() as AddressInfo,
    close,
    cut: () => {
      const done = close();
      sockets.forEach((socket) => socket.destroy());
      return done;
    },
  };
}

function http1Server({ onHttp1, onUpgrade }: Handlers) {
  const isWebSocket = (request: IncomingMessage) => request.headers.upgrade?.toLowerCase() !== 'h2c';
  const server = createHttp1({ shouldUpgradeCallback: isWebSocket }, (request, response) => {
    onHttp1(request, response, false);
  });
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    onHttp1(request, response, true);
  });
  server.on('upgrade', (request, client, head) => {
    onUpgrade({ request, client, head });
  });
  // As Cloud Run: a request may take an hour, and idle connections outlive the clients' own limits, so that it is the client who closes.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 620_000;
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
