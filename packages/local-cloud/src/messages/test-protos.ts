import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import protobuf from 'protobufjs';

const require = createRequire(import.meta.url);
const protos = join(dirname(require.resolve('google-proto-files/package.json')));

const root = new protobuf.Root();
root.resolvePath = (_, target) => {
  const own = join(protos, target);
  return protobuf.common.get(target) === null || hasFile(own) ? own : target;
};
root.loadSync(
  [
    'google/monitoring/v3/metric_service.proto',
    'google/logging/v2/logging.proto',
    'google/cloud/secretmanager/v1/service.proto',
    'google/iam/credentials/v1/iamcredentials.proto',
    'google/devtools/artifactregistry/v1/service.proto',
    'google/devtools/containeranalysis/v1/containeranalysis.proto',
    'grafeas/v1/grafeas.proto',
    'google/longrunning/operations.proto',
    'google/rpc/error_details.proto',
  ],
  { keepCase: false },
);
root.resolveAll();

/** For tests: what in an answer the published proto message does not know or has in another form; empty when it fits. */
export function misfits(type: string, value: unknown, at = ''): readonly string[] {
  const wellKnown = WELL_KNOWN[type];
  if (wellKnown !== undefined)
    return wellKnown(value) ? [] : [`${at} is no ${type}: ${JSON.stringify(value)}`];
  if (type === 'google.protobuf.Any') return misfitsOfAny(value, at);
  if (typeof value !== 'object' || value === null) return [`${at} is no message ${type}`];
  const { fields } = root.lookupType(type);
  return Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
    const field = fields[key];
    return field === undefined ? [`${type} has no field ${at}.${key}`] : ofField(field, one, `${at}.${key}`);
  });
}

function ofField(field: protobuf.Field, value: unknown, at: string): readonly string[] {
  if (field instanceof protobuf.MapField)
    return Object.entries(value as object).flatMap(([key, one]) => ofValue(field, one, `${at}[${key}]`));
  if (!field.repeated) return ofValue(field, value, at);
  if (!Array.isArray(value)) return [`${at} is no list`];
  return value.flatMap((one, index) => ofValue(field, one, `${at}[${index}]`));
}

function ofValue(field: protobuf.Field, value: unknown, at: string): readonly string[] {
  const type = field.resolvedType;
  if (type instanceof protobuf.Enum)
    return typeof value === 'string' && value in type.values
      ? []
      : [`${at} is no ${type.name}: ${String(value)}`];
  if (type !== null) return misfits(type.fullName.slice(1), value, at);
  return SCALARS[field.type]?.(value) === true ? [] : [`${at} is no ${field.type}: ${JSON.stringify(value)}`];
}

function misfitsOfAny(value: unknown, at: string): readonly string[] {
  const { '@type': type, ...rest } = value as Readonly<Record<string, unknown>>;
  return typeof type === 'string'
    ? misfits(type.replace('type.googleapis.com/', ''), rest, at)
    : [`${at} has no @type`];
}

const isText = (value: unknown) => typeof value === 'string';
const isInteger = (value: unknown) => Number.isInteger(value);
const isLong = (value: unknown) => typeof value === 'string' && /^-?\d+$/.test(value);
const isNumber = (value: unknown) => typeof value === 'number';

const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: isText,
  bytes: (value) => typeof value === 'string' && Buffer.from(value, 'base64').toString('base64') === value,
  bool: (value) => typeof value === 'boolean',
  int32: isInteger,
  int64: isLong,
  float: isNumber,
  double: isNumber,
};

const WELL_KNOWN: Readonly<Record<string, (value: unknown) => boolean>> = {
  'google.protobuf.Timestamp': (value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(value),
  'google.protobuf.Duration': (value) => typeof value === 'string' && /^-?\d+(?:\.\d{1,9})?s$/.test(value),
  'google.protobuf.FieldMask': isText,
  'google.protobuf.Struct': (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'google.protobuf.Empty': (value) => JSON.stringify(value) === '{}',
};

function hasFile(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
