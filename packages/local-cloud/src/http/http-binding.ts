import type { Message } from './proto-json.ts';
import type { HttpBinding, RpcMethod } from './proto-methods.ts';
import { camelCase } from './proto-schema.ts';

/** A REST form of a method, ready to be matched against a decoded path. */
export interface CompiledBinding extends HttpBinding {
  readonly pattern: RegExp;
  /** The request's fields (lowerCamel, dotted) that the pattern's groups catch, in order. */
  readonly variables: readonly string[];
}

const VARIABLE = /\{([\w.]+)=([^}]+)\}/g;

/** `{name=projects/*}` catches the whole resource; `*` stands for one segment, in which a colon cannot be. */
export function compileBinding(binding: HttpBinding): CompiledBinding {
  const variables = [...binding.template.matchAll(VARIABLE)].map(([, name = '']) => camelCase(name));
  const pattern = binding.template.replace(VARIABLE, (_, __, form: string) => `(${segments(form)})`);
  return { ...binding, pattern: new RegExp(`^${pattern}$`), variables };
}

/** The value of a dotted path in a message; undefined when it leads nowhere. */
function valueAt(message: Message, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, field) => (typeof value === 'object' && value !== null ? (value as Message)[field] : undefined),
      message,
    );
}

/** The message with a value put at a dotted path; messages on the way are made. */
export function withValueAt(message: Message, path: readonly string[], value: unknown): Message {
  const [field = '', ...rest] = path;
  if (rest.length === 0) return { ...message, [field]: value };
  const inner = message[field];
  const into = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Message) : {};
  return { ...message, [field]: withValueAt(into, rest, value) };
}

/** The call as it would be made over REST: the first form whose variables the message fills, undefined when there is none. */
export function restFormOf(
  { bindings }: Pick<RpcMethod, 'bindings'>,
  message: Message,
): { readonly verb: string; readonly url: string } | undefined {
  for (const binding of bindings) {
    const path = filledPath(binding.template, message);
    if (path !== undefined) return { verb: binding.verb, url: path + queryOf(binding, message) };
  }
  return undefined;
}

function filledPath(template: string, message: Message): string | undefined {
  const unfilled = [...template.matchAll(VARIABLE)].some(([, name = '', form = '']) => {
    const value = valueAt(message, camelCase(name));
    return typeof value !== 'string' || !new RegExp(`^${segments(form)}$`).test(value);
  });
  if (unfilled) return undefined;
  return template.replace(VARIABLE, (_, name: string) => String(valueAt(message, camelCase(name))));
}

function queryOf({ body, template }: HttpBinding, message: Message): string {
  if (body === '*') return '';
  const inPath = new Set([...template.matchAll(VARIABLE)].map(([, name = '']) => camelCase(name)));
  const fields = Object.entries(message).filter(([field]) => field !== body);
  const parameters = fields
    .flatMap(([field, value]) => leavesOf(field, value))
    .filter(([path]) => !inPath.has(path));
  return parameters.length === 0 ? '' : `?${new URLSearchParams(parameters).toString()}`;
}

function leavesOf(path: string, value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(path, item));
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([field, inner]) => leavesOf(`${path}.${field}`, inner));
}

function segments(form: string): string {
  return form.replaceAll('**', '.+').replaceAll('*', '[^/:]+');
}
