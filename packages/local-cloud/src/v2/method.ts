import type { Cloud } from '../http/cloud.ts';
import type { Message } from '../http/proto-json.ts';

/** What a method works on. */
export interface CallContext extends Cloud {
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
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
