import { createServer, type Server as NetServer, type Socket } from 'node:net';

import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall, status } from '@grpc/grpc-js';

import { CloudError } from '../control/cloud-error.ts';
import type { CallLog } from '../http/call-log.ts';
import type { Cloud } from '../http/cloud.ts';
import type { Faults } from '../http/faults.ts';
import { underFault } from '../http/under-fault.ts';
import { RPC_METHODS, type RpcMethod } from '../http/proto-methods.ts';
import type { Method } from '../v2/method.ts';
import { METHODS } from '../v2/methods.ts';
import { answer, callForm, refusedByFault, type GrpcAnswer, grpcPath, readRequest } from './grpc-call.ts';
import { statusError } from './grpc-error.ts';

/** As much as the REST server takes. */
const MESSAGE_LIMIT_BYTES = 64 * 1024 * 1024;

export interface GrpcServer {
  /** `127.0.0.1:N`. */
  readonly host: string;
  /** Serves a connection that was accepted elsewhere and begins with the preface of HTTP/2. */
  readonly adopt: (socket: Socket) => void;
  readonly close: () => Promise<void>;
}

export interface GrpcServerOptions {
  readonly port: number;
  readonly cloud: Cloud;
  readonly faults: Faults;
  readonly calls: CallLog;
  /** Throws UNAUTHENTICATED for the bearer of a header `authorization` who may not call. */
  readonly checkToken: (authorization: string | undefined) => void;
  /** Told of a defect of ours, which the caller sees as INTERNAL. */
  readonly onDefect: (thrown: unknown) => void;
}

/**
 * Serves the methods of the table on loopback, without TLS. Connections are accepted here and handed to the gRPC library, so that a fault can
 * break one.
 */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const closing = new AbortController();
  const sockets = new Map<string, Socket>();
  const server = new Server({ 'grpc.max_receive_message_length': MESSAGE_LIMIT_BYTES });
  register(server, {
    ...options,
    closing: closing.signal,
    breakConnection: (peer) => sockets.get(peer)?.destroy(),
  });
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const adopt = (socket: Socket) => {
    const peer = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
    sockets.set(peer, socket);
    socket.once('close', () => sockets.delete(peer));
    injector.injectConnection(socket);
  };
  const listener = createServer(adopt);
  const port = await listen(listener, options.port);
  return {
    host: `127.0.0.1:${port}`,
    adopt,
    close: async () => {
      closing.abort(new Error('the local cloud is closing'));
      const closed = new Promise((resolve) => listener.close(resolve));
      injector.destroy();
      server.forceShutdown();
      for (const socket of sockets.values()) socket.destroy();
      await closed;
    },
  };
}

interface Serving extends GrpcServerOptions {
  readonly closing: AbortSignal;
  readonly breakConnection: (peer: string) => void;
}

type UnaryCall = ServerUnaryCall<Buffer, Buffer>;

function register(server: Server, serving: Serving): void {
  for (const rpcMethod of RPC_METHODS) {
    const method = METHODS[rpcMethod.rpc];
    if (method === undefined) continue;
    const handle = (call: UnaryCall, reply: sendUnaryData<Buffer>) => {
      void serve(serving, { rpcMethod, method }, { call, reply });
    };
    server.register(grpcPath(rpcMethod.rpc), handle, asItIs, asItIs, 'unary');
  }
}

async function serve(
  serving: Serving,
  { rpcMethod, method }: { readonly rpcMethod: RpcMethod; readonly method: Method },
  { call, reply }: { readonly call: UnaryCall; readonly reply: sendUnaryData<Buffer> },
): Promise<void> {
  const startMs = performance.now();
  const message = refusedToken(serving, call) ?? readRequest(rpcMethod, call.request);
  const form = callForm(rpcMethod, method, message instanceof Error ? {} : message);
  const fault = serving.faults.hit(form);
  const apply = () =>
    answered(serving, () => {
      const context = { ...serving.cloud, signal: AbortSignal.any([serving.closing, cancelled(call)]) };
      return serving.faults.during(fault, () => answer(rpcMethod, method, { message, context }));
    });
  const given = await underFault(serving.cloud, fault, {
    apply,
    refuse: (refusing) => refusedByFault(refusing, form),
  });
  const { url, ...rest } = form;
  serving.calls.add({
    ...rest,
    path: url,
    ...(given === undefined ? {} : { status: given.kind === 'reply' ? 200 : given.http }),
    durationMs: Math.round(performance.now() - startMs),
    ...(fault === undefined ? {} : { fault: fault.effect }),
  });
  if (given === undefined) serving.breakConnection(call.getPeer());
  else if (given.kind === 'reply') reply(null, given.bytes);
  else reply(given.error);
}

function refusedToken({ checkToken }: Serving, { metadata }: UnaryCall): CloudError | undefined {
  try {
    checkToken(metadata.get('authorization')[0]?.toString());
    return undefined;
  } catch (thrown) {
    if (thrown instanceof CloudError) return thrown;
    throw thrown;
  }
}

async function answered({ onDefect }: Serving, apply: () => Promise<GrpcAnswer>): Promise<GrpcAnswer> {
  try {
    return await apply();
  } catch (thrown) {
    onDefect(thrown);
    const error = statusError({ code: status.INTERNAL, message: 'Internal error encountered.' });
    return { kind: 'error', error, http: 500 };
  }
}

function cancelled(call: UnaryCall): AbortSignal {
  const controller = new AbortController();
  call.once('cancelled', () => {
    controller.abort(new Error('the caller has cancelled'));
  });
  return controller.signal;
}

async function listen(listener: NetServer, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', resolve);
  });
  const address = listener.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function asItIs(bytes: Buffer): Buffer {
  return bytes;
}
