import { CloudError } from '../control/cloud-error.ts';
import { camelCase } from '../http/proto-schema.ts';
import { readJson } from '../http/query.ts';
import type { ApiRequest } from '../http/route.ts';

/** A JSON object whose field names are known, in lowerCamel. */
export type Message = Readonly<Record<string, unknown>>;

/** The body of a request; throws INVALID_ARGUMENT for what is no JSON object and for a field that the method does not have. */
export function bodyMessage(request: ApiRequest, allowed: readonly string[]): Message {
  return messageOf(readJson(request), allowed, '');
}

/** `at` is the path of the value in the request, empty for the body itself. */
export function messageOf(value: unknown, allowed: readonly string[], at: string): Message {
  if (!isRecord(value)) throw badField(at, `Invalid value at '${at}', ${JSON.stringify(value)}`);
  const entries = Object.entries(value).filter(([, one]) => one !== null);
  const unknown = entries.find(([key]) => !allowed.includes(camelCase(key)))?.[0];
  if (unknown === undefined) return Object.fromEntries(entries.map(([key, one]) => [camelCase(key), one]));
  const where = at === '' ? '' : ` at '${at}'`;
  throw badField(at, `Invalid JSON payload received. Unknown name "${unknown}"${where}: Cannot find field.`);
}

/** Undefined when absent or empty, as proto3 has it. */
export function textOf(message: Message, field: string): string | undefined {
  const value = message[field];
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw badField(field, `Invalid value at '${snake(field)}' (TYPE_STRING), ${JSON.stringify(value)}`);
}

export function flagOf(message: Message, field: string): boolean {
  const value = message[field] ?? false;
  if (typeof value === 'boolean') return value;
  throw badField(field, `Invalid value at '${snake(field)}' (TYPE_BOOL), ${JSON.stringify(value)}`);
}

/** A whole number, which may be written as text. */
export function countOf(message: Message, field: string): number | undefined {
  const value = message[field];
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (number === undefined || (typeof number === 'number' && Number.isInteger(number))) return number;
  throw badField(field, `Invalid value at '${snake(field)}' (TYPE_INT32), ${JSON.stringify(value)}`);
}

export function textsOf(message: Message, field: string): readonly string[] {
  const value = message[field] ?? [];
  const wrong = Array.isArray(value) ? value.findIndex((one) => typeof one !== 'string') : 0;
  if (Array.isArray(value) && wrong < 0) return value as readonly string[];
  throw badField(
    field,
    `Invalid value at '${snake(field)}[${wrong}]' (TYPE_STRING), ${JSON.stringify(value)}`,
  );
}

export function textMapOf(message: Message, field: string): Readonly<Record<string, string>> | undefined {
  const value = message[field];
  if (value === undefined) return undefined;
  if (isRecord(value) && Object.values(value).every((one) => typeof one === 'string'))
    return value as Readonly<Record<string, string>>;
  throw badField(field, `Invalid value at '${snake(field)}' (MAP), ${JSON.stringify(value)}`);
}

/** INVALID_ARGUMENT with the field in its details. */
export function badField(field: string, description: string): CloudError {
  return new CloudError('INVALID_ARGUMENT', description, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
  ]);
}

export function isRecord(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Errors name fields as the proto does. */
function snake(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
