import { CloudError } from '../control/cloud-error.ts';
import type { Message } from './mapping.ts';
import { V1_SCHEMA } from './v1-schema.ts';

/** A body checked against its message; throws INVALID_ARGUMENT in the words of the real front end for what v1 does not know. */
export function readV1(type: string, json: unknown, at = ''): Message {
  if (!isMessage(json)) throw invalid(at, type, json);
  const fields = V1_SCHEMA[type] ?? {};
  const entries = Object.entries(json).flatMap(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) throw unknown(name, at);
    return value === null
      ? []
      : [[name, readField(field, value, at === '' ? name : `${at}.${name}`)] as const];
  });
  return Object.fromEntries(entries);
}

function readField(field: string, value: unknown, at: string): unknown {
  if (!field.startsWith('[]')) return readValue(field, value, at);
  if (!Array.isArray(value)) throw invalid(at, field, value);
  return value.map((item: unknown, index) => readValue(field.slice(2), item, `${at}[${index}]`));
}

function readValue(type: string, value: unknown, at: string): unknown {
  switch (type) {
    case 'string':
    case 'bool':
      if (typeof value !== (type === 'bool' ? 'boolean' : type))
        throw invalid(at, `TYPE_${type.toUpperCase()}`, value);
      return value;
    case 'int32':
    case 'int64':
      return readInteger(type, value, at);
    case 'map':
      return readMap(value, at);
    default:
      return readV1(type, value, at);
  }
}

/** Integers may come as text, as in all proto JSON; an int64 is written as text. */
function readInteger(type: 'int32' | 'int64', value: unknown, at: string): number | string {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  const isFitting = Number.isSafeInteger(number) && (type === 'int64' || Math.abs(Number(number)) < 2 ** 31);
  if (!isFitting) throw invalid(at, `TYPE_${type.toUpperCase()}`, value);
  return type === 'int64' ? String(number) : Number(number);
}

function readMap(value: unknown, at: string): Message {
  if (!isMessage(value)) throw invalid(at, 'map', value);
  const wrong = Object.entries(value).find(([, text]) => typeof text !== 'string');
  if (wrong !== undefined) throw invalid(`${at}[${wrong[0]}]`, 'TYPE_STRING', wrong[1]);
  return value;
}

function isMessage(json: unknown): json is Message {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function unknown(name: string, at: string): CloudError {
  return refusal(
    at,
    `Invalid JSON payload received. Unknown name "${name}"${at === '' ? '' : ` at '${at}'`}: Cannot find field.`,
  );
}

function invalid(at: string, type: string, value: unknown): CloudError {
  return refusal(at, `Invalid value at '${at}' (${type}), ${JSON.stringify(value)}`);
}

function refusal(field: string, description: string): CloudError {
  return new CloudError('INVALID_ARGUMENT', description, [
    {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: [{ ...(field === '' ? {} : { field }), description }],
    },
  ]);
}
