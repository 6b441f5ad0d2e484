import { CloudError } from '../control/cloud-error.ts';
import { camelCase, type Field, fieldsOf } from './proto-schema.ts';

type Message = Readonly<Record<string, unknown>>;

/**
 * A body checked against its proto and put into one form: lowerCamel names, enums by name, int64 as text, nothing that is a default and
 * need not be said. Throws INVALID_ARGUMENT in the words of the real front end for what the proto does not know.
 */
export function readMessage(type: string, json: unknown, at = ''): Message {
  if (!isMessage(json)) throw invalidValue(at, type, json);
  const fields = fieldsOf(type);
  const seen = new Map<string, string>();
  const entries = Object.entries(json).flatMap(([key, value]) => {
    const field = fields.get(camelCase(key));
    if (field === undefined) throw unknownName(key, at);
    if (value === null) return [];
    checkOneof(field, seen, at);
    const read = readField(field, value, at === '' ? field.name : `${at}.${field.name}`);
    return read === undefined ? [] : [[field.name, read] as const];
  });
  return Object.fromEntries(entries);
}

/** The message with its enums as numbers, as `$alt=json;enum-encoding=int` asks for. */
export function withEnumNumbers(type: string, message: object): Message {
  const fields = fieldsOf(type);
  return Object.fromEntries(
    Object.entries(message).map(([key, value]: [string, unknown]) => {
      const field = fields.get(key);
      return [key, field === undefined ? value : numbered(field, value)];
    }),
  );
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

function readField(field: Field, value: unknown, at: string): unknown {
  switch (field.shape) {
    case 'single': {
      const single = readValue(field, value, at);
      return isDefault(single) && !field.hasPresence ? undefined : single;
    }
    case 'repeated': {
      if (!Array.isArray(value)) throw invalidValue(at, field.type.name, value);
      const items = value.map((item: unknown, index) => readValue(field, item, `${at}[${index}]`));
      return items.length === 0 ? undefined : items;
    }
    case 'map': {
      if (!isMessage(value)) throw invalidValue(at, field.type.name, value);
      const entries = Object.entries(value).map(
        ([key, item]) => [key, readValue(field, item, `${at}[${key}]`)] as const,
      );
      return entries.length === 0 ? undefined : Object.fromEntries(entries);
    }
  }
}

function readValue({ type }: Field, value: unknown, at: string): unknown {
  switch (type.kind) {
    case 'scalar':
      return readScalar(type.name, value, at);
    case 'enum':
      return readEnum(type, value, at);
    case 'message':
      return readWellKnown(type.name, value, at) ?? readMessage(type.name, value, at);
  }
}

function readScalar(type: string, value: unknown, at: string): unknown {
  const read = SCALARS[type]?.(value);
  if (read === undefined) throw invalidValue(at, `TYPE_${type.toUpperCase()}`, value);
  return read;
}

const SCALARS: Readonly<Record<string, (value: unknown) => unknown>> = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  bytes: (value) => (typeof value === 'string' ? value : undefined),
  bool: (value) => (typeof value === 'boolean' ? value : undefined),
  int32: (value) => wholeNumber(value),
  int64: (value) => (wholeNumber(value) === undefined ? undefined : String(value)),
  double: (value) => (typeof value === 'number' ? value : undefined),
  float: (value) => (typeof value === 'number' ? value : undefined),
};

function wholeNumber(value: unknown): number | undefined {
  const isText = typeof value === 'string' && /^-?\d+$/.test(value);
  const number = isText || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isInteger(number) ? number : undefined;
}

function readEnum(type: Extract<Field['type'], { kind: 'enum' }>, value: unknown, at: string): string {
  const found = Object.entries(type.values).find(([name, number]) => value === name || value === number);
  if (found === undefined) throw invalidValue(at, `type.googleapis.com/${type.name}`, value);
  return found[1] === 0 ? '' : found[0];
}

const WELL_KNOWN: Readonly<Record<string, RegExp>> = {
  'google.protobuf.Duration': /^-?\d+(?:\.\d{1,9})?s$/,
  'google.protobuf.Timestamp': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/,
  'google.protobuf.FieldMask': /^[\w.,]*$/,
};

function readWellKnown(type: string, value: unknown, at: string): string | undefined {
  const form = WELL_KNOWN[type];
  if (form === undefined) return undefined;
  if (typeof value !== 'string' || !form.test(value))
    throw invalidValue(at, `type.googleapis.com/${type}`, value);
  return value;
}

function checkOneof(field: Field, seen: Map<string, string>, at: string): void {
  if (field.oneof === undefined) return;
  const other = seen.get(field.oneof);
  if (other !== undefined)
    throw badRequest(
      at,
      `Invalid value at '${at}' (oneof), oneof field '${field.oneof}' is already set. Cannot set '${field.name}'`,
    );
  seen.set(field.oneof, field.name);
}

function numbered(field: Field, value: unknown): unknown {
  if (field.shape === 'repeated' && Array.isArray(value))
    return value.map((item) => numberedOne(field, item));
  if (field.shape === 'map' && isMessage(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, numberedOne(field, item)]));
  return numberedOne(field, value);
}

function numberedOne({ type }: Field, value: unknown): unknown {
  if (type.kind === 'enum' && typeof value === 'string') return type.values[value] ?? value;
  return type.kind === 'message' && isMessage(value) ? withEnumNumbers(type.name, value) : value;
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDefault(value: unknown): boolean {
  return value === '' || value === 0 || value === false || value === '0';
}

function unknownName(key: string, at: string): CloudError {
  const where = at === '' ? '' : ` at '${at}'`;
  return badRequest(at, `Invalid JSON payload received. Unknown name "${key}"${where}: Cannot find field.`);
}

function invalidValue(at: string, type: string, value: unknown): CloudError {
  return badRequest(at, `Invalid value at '${at}' (${type}), ${JSON.stringify(value)}`);
}

function badRequest(field: string, description: string): CloudError {
  return new CloudError('INVALID_ARGUMENT', description, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
  ]);
}
