import { CloudError, httpCode, violation } from '../control/cloud-error.ts';
import type { FaultAnswer } from '../faults/fault-answer.ts';
import { restFormOf } from '../http/http-binding.ts';
import type { Message } from '../http/proto-json.ts';
import type { RpcMethod } from '../http/proto-methods.ts';
import { type CallContext, handled, type Method, permissionOf } from '../v2/method.ts';
import { codeNumber, type GrpcError, grpcError, statusError } from './grpc-error.ts';
import { decodeMessage, encodeMessage } from './proto-wire.ts';

export type GrpcAnswer =
  | { readonly kind: 'reply'; readonly bytes: Buffer }
  | { readonly kind: 'error'; readonly error: GrpcError; readonly http: number };

/** A call as the log and the faults see it: by the REST form that would do the same, or by the RPC's path where REST has none. */
export interface CallForm {
  readonly method: string;
  readonly url: string;
  readonly rpc: string;
  readonly permission?: string;
}

/** A request that could not be read has no fields, and so is logged by the RPC's path. */
export function callForm(rpcMethod: RpcMethod, method: Method, message: Message = {}): CallForm {
  const form = restFormOf(rpcMethod, message);
  const permission = permissionOf(method, message);
  return {
    method: form?.verb ?? 'POST',
    url: form?.url ?? grpcPath(rpcMethod.rpc),
    rpc: rpcMethod.rpc,
    ...(permission === undefined ? {} : { permission }),
  };
}

/** `google.cloud.run.v2.Services.GetService` as `/google.cloud.run.v2.Services/GetService`. */
export function grpcPath(rpc: string): string {
  const dot = rpc.lastIndexOf('.');
  return `/${rpc.slice(0, dot)}/${rpc.slice(dot + 1)}`;
}

/** The request message, or the refusal of bytes that are none. */
export function readRequest({ requestType }: RpcMethod, bytes: Buffer): Message | CloudError {
  try {
    return decodeMessage(requestType, bytes);
  } catch (thrown) {
    if (thrown instanceof CloudError) return thrown;
    return new CloudError('INVALID_ARGUMENT', `Request message is not a serialized ${requestType}.`);
  }
}

/** Calls the method. Throws what is no refusal: a defect. */
export async function answer(
  rpcMethod: RpcMethod,
  method: Method,
  { message, context }: { readonly message: Message | CloudError; readonly context: CallContext },
): Promise<GrpcAnswer> {
  try {
    if (message instanceof CloudError) throw message;
    checkNames(rpcMethod, message);
    const reply = await handled(method, message, context);
    return { kind: 'reply', bytes: encodeReply(rpcMethod, reply) };
  } catch (thrown) {
    if (!(thrown instanceof CloudError)) throw thrown;
    return { kind: 'error', error: grpcError(thrown), http: httpCode(thrown.code) };
  }
}

/** What a fault answers, as gRPC says it: a time to come back after is a detail. */
export function faultReply({ status, error, retryAfter }: FaultAnswer): GrpcAnswer {
  const retry = {
    '@type': 'type.googleapis.com/google.rpc.RetryInfo',
    retryDelay: `${retryAfter ?? 0}s`,
  };
  const details = [...error.details, ...(retryAfter === undefined ? [] : [retry])];
  const code = codeNumber(error.status);
  return { kind: 'error', error: statusError({ code, message: error.message, details }), http: status };
}

/** Over REST a name of another form finds no route; here it has to be looked for. */
function checkNames({ rpc, bindings }: RpcMethod, message: Message): void {
  const [binding] = bindings;
  if (binding === undefined || restFormOf({ bindings }, message) !== undefined) return;
  const [, name = '', form = ''] = /\{([\w.]+)=([^}]+)\}/.exec(binding.template) ?? [];
  const request = `${rpc.slice(rpc.lastIndexOf('.') + 1)}Request`;
  throw violation(`${request}.${name}`, `must be of the form ${form}.`);
}

function encodeReply({ rpc, replyType }: RpcMethod, reply: object): Buffer {
  try {
    return encodeMessage(replyType, reply);
  } catch (thrown) {
    throw new Error(`${rpc} answered what ${replyType} does not know`, { cause: thrown });
  }
}
