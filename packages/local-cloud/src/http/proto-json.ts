import { CloudError } from '../control/cloud-error.ts';
import { readScalar, readWellKnown } from './proto-scalars.ts';
import { camelCase, type Field, fieldsOf, isKnownMessage, snakeCase } from './proto-schema.ts';

/** A message in the JSON form of its proto. */
export type Message = Readonly<Record<string, unknown>>;

/**
 * A message checked against its proto and put into one form: lowerCamel names, enums by name, int64 as text, nothing that is a default and
 * need not be said. Throws INVALID_ARGUMENT in the words of the real front end for all that the proto does not know, at once. `at` is
 * where the message stands in the request, by proto names: `service.template`.
 */
export function readMessage(type: string, json: unknown, at = ''): Message {
  const problems: Problem[] = [];
  const message = readFields(type, json, { at, problems });
  if (problems.length > 0) throw badRequest(problems);
  return message;
}

/** The path in lowerCamel; undefined when it names no field that a mask may name. */
export function maskPath(type: string, path: string): string | undefined {
  const [first = '', ...rest] = path.split('.').map(camelCase);
  const field = fieldsOf(type).get(first);
  if (field === undefined) return undefined;
  if (rest.length === 0) return first;
  if (field.shape !== 'single' || field.type.kind !== 'message') return undefined;
  const inner = maskPath(field.type.name, rest.join('.'));
  return inner === undefined ? undefined : `${first}.${inner}`;
}

/** INVALID_ARGUMENT with one line and one google.rpc field violation for each problem. */
export function badRequest(problems: readonly Problem[]): CloudError {
  return new CloudError('INVALID_ARGUMENT', problems.map(({ description }) => description).join('\n'), [
    {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: problems.map(({ field, description }) => ({
        ...(field === '' ? {} : { field }),
        description,
      })),
    },
  ]);
}

/** What is wrong with a request, and where: by proto names, empty for the request itself. */
export interface Problem {
  readonly field: string;
  readonly description: string;
}

interface Reading {
  readonly at: string;
  readonly problems: Problem[];
}

function readFields(type: string, json: unknown, reading: Reading): Message {
  const { at, problems } = reading;
  if (!isMessage(json)) {
    problems.push(at === '' ? rootProblem() : valueProblem(at, `type.googleapis.com/${type}`, json));
    return {};
  }
  const fields = fieldsOf(type);
  const seen = new Map<string, string>();
  const entries = Object.entries(json).flatMap(([key, value]) => {
    const field = fields.get(camelCase(key));
    if (field === undefined) problems.push(unknownName(key, at));
    if (field === undefined || value === null) return [];
    checkOneof(field, seen, reading);
    const path = snakeCase(field.name);
    const read = readField(field, value, { at: at === '' ? path : `${at}.${path}`, problems });
    return read === undefined ? [] : [[field.name, read] as const];
  });
  return Object.fromEntries(entries);
}

function readField(field: Field, value: unknown, { at, problems }: Reading): unknown {
  switch (field.shape) {
    case 'single': {
      const single = readValue(field, value, { at, problems });
      return isDefault(single) && !field.hasPresence ? undefined : single;
    }
    case 'repeated': {
      if (!Array.isArray(value)) {
        problems.push(valueProblem(at, field.type.name, value));
        return undefined;
      }
      const items = value.map((item: unknown, index) =>
        readValue(field, item, { at: `${at}[${index}]`, problems }),
      );
      return items.length === 0 ? undefined : items;
    }
    case 'map': {
      if (!isMessage(value)) {
        problems.push(valueProblem(at, field.type.name, value));
        return undefined;
      }
      const entries = Object.entries(value).map(
        ([key, item], index) =>
          [key, readValue(field, item, { at: `${at}[${index}].value`, problems })] as const,
      );
      return entries.length === 0 ? undefined : Object.fromEntries(entries);
    }
  }
}

function readValue({ type }: Field, value: unknown, reading: Reading): unknown {
  switch (type.kind) {
    case 'scalar':
      return checked(readScalar(type.name, value), value, {
        ...reading,
        type: `TYPE_${type.name.toUpperCase()}`,
      });
    case 'enum':
      return checked(readEnum(type, value), value, { ...reading, type: `type.googleapis.com/${type.name}` });
    case 'message':
      return readInner(type.name, value, reading);
  }
}

function readInner(type: string, value: unknown, reading: Reading): unknown {
  if (type === 'google.protobuf.Any') return readAny(value, reading);
  const wellKnown = readWellKnown(type, value);
  if (wellKnown.kind === 'none') return readFields(type, value, reading);
  return checked(wellKnown.value, value, { ...reading, type: `type.googleapis.com/${type}` });
}

/** A message that says its own type: `{"@type": "type.googleapis.com/google.cloud.run.v2.Service", …}`. */
function readAny(value: unknown, reading: Reading): unknown {
  const { '@type': url, ...rest } = isMessage(value) ? value : {};
  const type = typeof url === 'string' ? url.slice(url.lastIndexOf('/') + 1) : '';
  if (isKnownMessage(type)) return { '@type': url, ...readFields(type, rest, reading) };
  reading.problems.push(valueProblem(reading.at, 'type.googleapis.com/google.protobuf.Any', value));
  return undefined;
}

function checked(
  read: unknown,
  given: unknown,
  { at, problems, type }: Reading & { readonly type: string },
): unknown {
  if (read === undefined) problems.push(valueProblem(at, type, given));
  return read;
}

function readEnum(type: Extract<Field['type'], { kind: 'enum' }>, value: unknown): string | undefined {
  const found = Object.entries(type.values).find(([name, number]) => value === name || value === number);
  if (found === undefined) return undefined;
  return found[1] === 0 ? '' : found[0];
}

function checkOneof(field: Field, seen: Map<string, string>, { at, problems }: Reading): void {
  if (field.oneof === undefined) return;
  const other = seen.get(field.oneof);
  if (other !== undefined)
    problems.push({
      field: at,
      description: `Invalid value at '${at}' (oneof), oneof field '${field.oneof}' is already set. Cannot set '${field.name}'`,
    });
  seen.set(field.oneof, field.name);
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDefault(value: unknown): boolean {
  return value === '' || value === 0 || value === false || value === '0';
}

function unknownName(key: string, at: string): Problem {
  const where = at === '' ? '' : ` at '${at}'`;
  return {
    field: at,
    description: `Invalid JSON payload received. Unknown name "${key}"${where}: Cannot find field.`,
  };
}

function rootProblem(): Problem {
  return {
    field: '',
    description: 'Invalid JSON payload received. Unknown name "": Root element must be a message.',
  };
}

function valueProblem(at: string, type: string, value: unknown): Problem {
  return { field: at, description: `Invalid value at '${at}' (${type}), ${JSON.stringify(value)}` };
}
