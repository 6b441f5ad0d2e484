import { compileBinding } from './http/http-binding.ts';
import { readMessage } from './http/proto-json.ts';
import { RPC_METHODS } from './http/proto-methods.ts';
import { fieldsOf } from './http/proto-schema.ts';

const FORMS = RPC_METHODS.flatMap(({ bindings, replyType }) =>
  bindings.map((binding) => ({ ...compileBinding(binding), replyType })),
);

/** For tests: throws when an answer of the v2 API has a field or value that its proto does not know, errors included. */
export function checkReply(
  { method, url }: { readonly method: string; readonly url: string },
  status: number,
  body: unknown,
): void {
  const { pathname } = new URL(url);
  const form = FORMS.find(
    ({ verb, pattern }) => verb === method && pattern.test(decodeURIComponent(pathname)),
  );
  if (status === 200 && form !== undefined) checkMessage(form.replyType, body);
  if (status !== 200) checkError(status, body);
}

function checkError(status: number, body: unknown): void {
  const { error } = body as { readonly error: Readonly<Record<string, unknown>> };
  const { code, status: name, ...rest } = error;
  if (code !== status || typeof name !== 'string' || !/^[A-Z_]+$/.test(name))
    throw new Error(`answer ${status} does not say its own code and status: ${JSON.stringify(error)}`);
  checkMessage('google.rpc.Status', rest);
}

function checkMessage(type: string, body: unknown): void {
  readMessage(type, body);
  const misspelt = otherSpelling(type, body);
  if (misspelt !== undefined)
    throw new Error(`answer of ${type} spells "${misspelt}" as the proto does, not as JSON`);
}

/** A field that `readMessage` has understood though it is not in lowerCamel. */
function otherSpelling(type: string, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { '@type': url, ...message } = value as Readonly<Record<string, unknown>>;
  const own = typeof url === 'string' ? url.slice(url.lastIndexOf('/') + 1) : type;
  const fields = fieldsOf(own);
  for (const [key, inner] of Object.entries(message)) {
    const field = fields.get(key);
    if (field === undefined) return key;
    if (field.type.kind !== 'message') continue;
    const values = field.shape === 'single' ? [inner] : Object.values(inner as object);
    const found = values.map((one) => otherSpelling(field.type.name, one)).find((name) => name !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}
