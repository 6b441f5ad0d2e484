import type { Message } from './proto-json.ts';
import { type Field, fieldsOf } from './proto-schema.ts';

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

function numbered(field: Field, value: unknown): unknown {
  if (field.shape === 'repeated' && Array.isArray(value))
    return value.map((item) => numberedOne(field, item));
  if (field.shape === 'map' && isMessage(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, numberedOne(field, item)]));
  return numberedOne(field, value);
}

function numberedOne({ type }: Field, value: unknown): unknown {
  if (type.kind === 'enum' && typeof value === 'string') return type.values[value] ?? value;
  return type.kind === 'message' && isMessage(value)
    ? withEnumNumbers(typeOf(type.name, value), value)
    : value;
}

/** The type that the value itself names where the proto leaves it open. */
function typeOf(type: string, value: Message): string {
  const { '@type': url } = value;
  return typeof url === 'string' ? url.slice(url.lastIndexOf('/') + 1) : type;
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
