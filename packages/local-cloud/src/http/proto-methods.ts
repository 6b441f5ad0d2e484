import type { ProtoMethod, ProtoNode } from './proto-node.ts';
import { nodeAt, resolveType } from './proto-root.ts';
import { camelCase } from './proto-schema.ts';

/** A method of a service as the protos describe it. */
export interface RpcMethod {
  /** Full name, such as `google.cloud.run.v2.Services.CreateService`. */
  readonly rpc: string;
  /** Full names of the messages. */
  readonly requestType: string;
  readonly replyType: string;
  /** Its REST forms, the first of which is the one that it is named by; none for a method that is called over gRPC alone. */
  readonly bindings: readonly HttpBinding[];
}

/** One `google.api.http` rule. */
export interface HttpBinding {
  readonly verb: string;
  /** `/v2/{name=projects/*}/things`. */
  readonly template: string;
  /** The request's field (lowerCamel) that is the body, `*` when the whole request is, absent when there is none. */
  readonly body?: string;
}

// The protos bind operations to /v1/operations; what Cloud Run serves is in its service configuration (run_v2.yaml), which is not published as a proto.
const OPERATION = '/v2/{name=projects/*/locations/*/operations/*}';
const OPERATION_BINDINGS: Readonly<Record<string, readonly HttpBinding[]>> = {
  ListOperations: [{ verb: 'GET', template: '/v2/{name=projects/*/locations/*}/operations' }],
  GetOperation: [{ verb: 'GET', template: OPERATION }],
  DeleteOperation: [{ verb: 'DELETE', template: OPERATION }],
  WaitOperation: [{ verb: 'POST', template: `${OPERATION}:wait`, body: '*' }],
  CancelOperation: [],
};

const VERBS = ['get', 'put', 'post', 'delete', 'patch'];
const SERVED = ['google.cloud.run.v2', 'google.longrunning', 'google.iam.v1'] as const;

/** Every method of the services that the local cloud speaks. */
export const RPC_METHODS: readonly RpcMethod[] = SERVED.flatMap((space) =>
  Object.entries(nodeAt(space)?.nested ?? {}).flatMap(([name, node]) => methodsOf(`${space}.${name}`, node)),
);

function methodsOf(service: string, node: ProtoNode): readonly RpcMethod[] {
  return Object.entries(node.methods ?? {}).map(([name, method]) => ({
    rpc: `${service}.${name}`,
    requestType: fullName(service, method.requestType),
    replyType: fullName(service, method.responseType),
    bindings: bindingsOf(service, name, method),
  }));
}

function fullName(service: string, type: string): string {
  return resolveType(service, type) ?? type;
}

function bindingsOf(service: string, name: string, method: ProtoMethod): readonly HttpBinding[] {
  if (service === 'google.longrunning.Operations') return OPERATION_BINDINGS[name] ?? [];
  // The mixin is reached over gRPC alone: over REST each kind of resource has its own methods.
  if (service === 'google.iam.v1.IAMPolicy') return [];
  const rule = method.parsedOptions?.find((option) => '(google.api.http)' in option)?.['(google.api.http)'];
  return rule === undefined ? [] : rulesOf(rule as HttpRule);
}

type HttpRule = Readonly<Record<string, unknown>>;

function rulesOf(rule: HttpRule): readonly HttpBinding[] {
  const more = rule['additional_bindings'] ?? [];
  return [rule, ...(Array.isArray(more) ? (more as readonly HttpRule[]) : [more as HttpRule])].map(bindingOf);
}

function bindingOf(rule: HttpRule): HttpBinding {
  const verb = VERBS.find((known) => known in rule) ?? 'get';
  const { body } = rule;
  return {
    verb: verb.toUpperCase(),
    template: String(rule[verb]),
    ...(typeof body === 'string' ? { body: camelCase(body) } : {}),
  };
}
