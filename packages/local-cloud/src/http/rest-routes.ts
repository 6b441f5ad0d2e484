import { METHODS } from '../v2/methods.ts';
import { type CallContext, handled, type Method, permissionOf } from '../v2/method.ts';
import type { Cloud } from './cloud.ts';
import { type CompiledBinding, compileBinding } from './http-binding.ts';
import { withEnumNumbers } from './proto-enums.ts';
import { RPC_METHODS, type RpcMethod } from './proto-methods.ts';
import { wantsEnumNumbers } from './query.ts';
import { requestMessage } from './request-message.ts';
import type { ApiReply, ApiRequest, Route } from './route.ts';

/** A route for each REST form of each method of the table. */
export function restRoutes(cloud: Cloud): readonly Route[] {
  return RPC_METHODS.flatMap((rpcMethod) => {
    const method = METHODS[rpcMethod.rpc];
    if (method === undefined) return [];
    return rpcMethod.bindings.map((binding) =>
      routeOf(cloud, { rpcMethod, method, binding: compileBinding(binding) }),
    );
  });
}

interface Bound {
  readonly rpcMethod: RpcMethod;
  readonly method: Method;
  readonly binding: CompiledBinding;
}

function routeOf(cloud: Cloud, bound: Bound): Route {
  const permission = permissionOf(bound.method, {});
  return {
    method: bound.binding.verb,
    pattern: bound.binding.pattern,
    rpc: bound.rpcMethod.rpc,
    ...(permission === undefined ? {} : { permission }),
    handle: (request, ...caught) => answer(cloud, bound, { request, caught }),
  };
}

async function answer(
  cloud: Cloud,
  { rpcMethod, method, binding }: Bound,
  { request, caught }: { readonly request: ApiRequest; readonly caught: readonly string[] },
): Promise<ApiReply> {
  const message = requestMessage(request, { type: rpcMethod.requestType, binding, caught });
  const permission = permissionOf(method, message);
  const reply = await handled(method, message, { ...cloud, ...callOf(request) });
  return {
    status: 200,
    body: wantsEnumNumbers(request) ? withEnumNumbers(rpcMethod.replyType, reply) : reply,
    ...(permission === undefined ? {} : { permission }),
  };
}

function callOf({ signal, caller }: ApiRequest): Pick<CallContext, 'signal' | 'caller'> {
  return { signal, ...(caller === undefined ? {} : { caller }) };
}
