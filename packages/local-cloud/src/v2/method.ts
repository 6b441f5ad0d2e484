import { type Caller, checkMay } from '../control/access/callers.ts';
import type { Cloud } from '../http/cloud.ts';
import type { Message } from '../http/proto-json.ts';

/** What a method works on. */
export interface CallContext extends Cloud {
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Absent where whoever calls may do everything. */
  readonly caller?: Caller;
}

/** One RPC, whatever it came in by: a request message in, a reply message out, both in the form of `readMessage`. */
export interface Method {
  /** The IAM permission that the real API asks for; absent where it asks for none. */
  readonly permission?: Permission;
  /** Throws CloudError for a refusal. */
  readonly handle: (request: Message, call: CallContext) => object | Promise<object>;
}

/** Some permissions depend on what is asked. */
export type Permission = string | ((request: Message) => string);

/** Methods by their full names: `google.cloud.run.v2.Services.CreateService`. */
export type Methods = Readonly<Record<string, Method>>;

/** A method whose request has been checked against its proto, and so is what the handler takes it for. */
export function method(
  permission: Permission | undefined,
  handle: (request: never, call: CallContext) => object | Promise<object>,
): Method {
  return {
    ...(permission === undefined ? {} : { permission }),
    handle: (request, call) => handle(request as never, call),
  };
}

export function permissionOf({ permission }: Method, request: Message): string | undefined {
  return typeof permission === 'function' ? permission(request) : permission;
}

/** The reply to a caller who may ask for it. Throws PERMISSION_DENIED for others before anything is done. */
export function handled(method: Method, request: Message, call: CallContext): object | Promise<object> {
  const permission = permissionOf(method, request);
  if (permission !== undefined) checkMay(call.world, call.caller, [permission, resourceOf(request)]);
  return method.handle(request, call);
}

/** What a request is about: the resource that it names or brings, or the parent of what it makes. */
function resourceOf(request: Message): string {
  const { name, resource, parent } = request;
  const brought = [request['service'], request['job'], request['workerPool']].find(isNamed)?.name;
  return [name, resource, parent, brought].find((text) => typeof text === 'string') ?? '';
}

function isNamed(value: unknown): value is { readonly name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';
}
