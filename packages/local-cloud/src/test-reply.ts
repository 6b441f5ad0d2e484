import { compileBinding } from './http/http-binding.ts';
import { readMessage } from './http/proto-json.ts';
import { RPC_METHODS } from './http/proto-methods.ts';
import { camelCase } from './http/proto-schema.ts';

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
  const snake = snakeName(body);
  if (snake !== undefined)
    throw new Error(`answer of ${type} writes "${snake}" as the proto does, not as JSON`);
}

/** A field that is not in lowerCamel; the keys of maps are not fields. */
function snakeName(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return value.map(snakeName).find((name) => name !== undefined);
  const fields = Object.entries(value).filter(([key]) => !isMap(key, value));
  return (
    fields.map(([key]) => key).find((key) => /^[a-z]/.test(key) && camelCase(key) !== key) ??
    fields.map(([, inner]) => snakeName(inner)).find((name) => name !== undefined)
  );
}

function isMap(key: string, message: object): boolean {
  const isErrorInfo = '@type' in message && message['@type'] === 'type.googleapis.com/google.rpc.ErrorInfo';
  return key === 'labels' || key === 'annotations' || (key === 'metadata' && isErrorInfo);
}
