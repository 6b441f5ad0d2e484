import type { Socket } from 'node:net';

import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall, status } from '@grpc/grpc-js';

import type { Caller } from '../control/access/callers.ts';
import { CloudError } from '../control/cloud-error.ts';
import type { CallLog } from '../http/call-log.ts';
import type { Cloud } from '../http/cloud.ts';
import type { Faults } from '../http/faults.ts';
import { RPC_METHODS, type RpcMethod } from '../http/proto-methods.ts';
import { underFault } from '../http/under-fault.ts';
import type { Method } from '../v2/method.ts';
import { METHODS } from '../v2/methods.ts';
import { answer, callForm, faultReply, type GrpcAnswer, grpcPath, readRequest } from './grpc-call.ts';
import { statusError } from './grpc-error.ts';

/** As much as the REST server takes. */
const MESSAGE_LIMIT_BYTES = 64 * 1024 * 1024;

export interface Serving {
  readonly cloud: Cloud;
  readonly faults: Faults;
  readonly calls: CallLog;
  /** Who bears a header `authorization`; undefined where whoever calls may do everything. Throws UNAUTHENTICATED for one who may not call. */
  readonly callerOf: (authorization: string | undefined) => Caller | undefined;
  /** Told of a defect of ours, which the caller sees as INTERNAL. */
  readonly onDefect: (thrown: unknown) => void;
  /** Ends the calls that wait. */
  readonly closing: AbortSignal;
  /** Ends a connection by its peer, `127.0.0.1:N`, as a fault asks. */
  readonly breakConnection: (peer: string) => void;
}

export interface GrpcService {
  readonly serve: (connection: Socket) => void;
  readonly stop: () => void;
}

/** The methods of the table for connections that are accepted elsewhere. */
export function grpcService(serving: Serving): GrpcService {
  const server = new Server({ 'grpc.max_receive_message_length': MESSAGE_LIMIT_BYTES });
  register(server, serving);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    serve: (connection) => {
      injector.injectConnection(connection);
    },
    stop: () => {
      injector.destroy();
      server.forceShutdown();
    },
  };
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
  const bearer = bearerOf(serving, call);
  const message = bearer instanceof CloudError ? bearer : readRequest(rpcMethod, call.request);
  const form = callForm(rpcMethod, method, message instanceof Error ? {} : message);
  const fault = serving.faults.hit(form);
  const apply = () =>
    answered(serving, () => {
      const signal = AbortSignal.any([serving.closing, cancelled(call)]);
      const context = { ...serving.cloud, signal, ...(isCaller(bearer) ? { caller: bearer } : {}) };
      return serving.faults.during(fault, () => answer(rpcMethod, method, { message, context }));
    });
  const given = await underFault(serving.cloud, fault, { call: form, apply, refuse: faultReply });
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

function isCaller(bearer: Caller | CloudError | undefined): bearer is Caller {
  return bearer !== undefined && !(bearer instanceof CloudError);
}

function bearerOf({ callerOf }: Serving, { metadata }: UnaryCall): Caller | CloudError | undefined {
  try {
    return callerOf(metadata.get('authorization')[0]?.toString());
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

function asItIs(bytes: Buffer): Buffer {
  return bytes;
}
