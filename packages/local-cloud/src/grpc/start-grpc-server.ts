import { createServer, type Server as NetServer, type Socket } from 'node:net';

import type { GrpcService, Serving } from './grpc-service.ts';

export interface GrpcServer {
  /** `127.0.0.1:N`. */
  readonly host: string;
  /** Serves a connection that was accepted elsewhere and begins with the preface of HTTP/2. */
  readonly adopt: (socket: Socket) => void;
  readonly close: () => Promise<void>;
}

export interface GrpcServerOptions extends Omit<Serving, 'closing' | 'breakConnection'> {
  readonly port: number;
}

/**
 * Serves the methods of the table on loopback, without TLS. Connections are accepted here and handed to the gRPC library, so that a fault can
 * break one, and so that a start does not wait for a library that REST alone never needs.
 */
export async function startGrpcServer({ port: asked, ...options }: GrpcServerOptions): Promise<GrpcServer> {
  const closing = new AbortController();
  const sockets = new Map<string, Socket>();
  const breakConnection = (peer: string) => sockets.get(peer)?.destroy();
  let service: Promise<GrpcService> | undefined;
  const adopt = (socket: Socket) => {
    track(sockets, socket);
    service ??= import('./grpc-service.ts').then(({ grpcService }) =>
      grpcService({ ...options, closing: closing.signal, breakConnection }),
    );
    void service.then(({ serve }) => {
      serve(socket);
    });
  };
  const listener = createServer(adopt);
  const port = await listen(listener, asked);
  return {
    host: `127.0.0.1:${port}`,
    adopt,
    close: async () => {
      closing.abort(new Error('the local cloud is closing'));
      const closed = new Promise((resolve) => listener.close(resolve));
      (await service)?.stop();
      for (const socket of sockets.values()) socket.destroy();
      await closed;
    },
  };
}

function track(sockets: Map<string, Socket>, socket: Socket): void {
  const peer = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
  sockets.set(peer, socket);
  socket.once('close', () => sockets.delete(peer));
  socket.on('error', () => socket.destroy());
}

async function listen(listener: NetServer, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', resolve);
  });
  const address = listener.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
