import protobuf from 'protobufjs';

import { type Message, readMessage } from '../http/proto-json.ts';
import { PROTO_ROOT } from '../http/proto-root.ts';
import { type Field, fieldsOf } from '../http/proto-schema.ts';
import { WELL_KNOWN } from './well-known.ts';

let types: protobuf.Root | undefined;

/** The bytes of a message. Throws for a field or value that the proto does not know. */
export function encodeMessage(type: string, message: object): Buffer {
  const wire = wireType(type);
  return Buffer.from(wire.encode(wire.fromObject(fieldsToWire(type, readMessage(type, message)))).finish());
}

/** The message in the form of `readMessage`. Throws INVALID_ARGUMENT for an enum's number that the proto does not know. */
export function decodeMessage(type: string, bytes: Uint8Array): Message {
  const wire = wireType(type);
  const plain = wire.toObject(wire.decode(bytes), { longs: String, enums: String, bytes: String });
  return readMessage(type, fieldsFromWire(type, plain));
}

// Made by the first call, so that a start does not wait for what REST alone never needs.
function wireType(name: string): protobuf.Type {
  types ??= protobuf.Root.fromJSON(PROTO_ROOT);
  return types.lookupType(name);
}

function fieldsToWire(type: string, message: Message): Message {
  return mapFields(type, message, (field, value) => {
    const { type: inner } = field;
    if (inner.kind === 'enum') return value === '' ? 0 : value;
    if (inner.kind === 'scalar') return value;
    if (inner.name === 'google.protobuf.Any') return anyToWire(value as Message);
    const known = WELL_KNOWN[inner.name];
    return known === undefined ? fieldsToWire(inner.name, value as Message) : known.toFields(String(value));
  });
}

function anyToWire({ '@type': url, ...message }: Message): object {
  const name = String(url);
  return { type_url: name, value: encodeMessage(name.slice(name.lastIndexOf('/') + 1), message) };
}

function anyFromWire({ type_url: url, value = '' }: Message): object {
  const name = String(url);
  const bytes = Buffer.from(String(value), 'base64');
  return { '@type': name, ...decodeMessage(name.slice(name.lastIndexOf('/') + 1), bytes) };
}

function fieldsFromWire(type: string, message: Message): Message {
  return mapFields(type, message, ({ type: inner }, value) => {
    if (inner.kind !== 'message') return value;
    if (inner.name === 'google.protobuf.Any') return anyFromWire(value as Message);
    const known = WELL_KNOWN[inner.name];
    return known === undefined
      ? fieldsFromWire(inner.name, value as Message)
      : known.toText(value as Message);
  });
}

function mapFields(type: string, message: Message, map: (field: Field, value: unknown) => unknown): Message {
  const fields = fieldsOf(type);
  return Object.fromEntries(
    Object.entries(message).map(([key, value]) => {
      const field = fields.get(key);
      return [key, field === undefined ? value : mapShape(field, value, map)];
    }),
  );
}

function mapShape(field: Field, value: unknown, map: (field: Field, value: unknown) => unknown): unknown {
  switch (field.shape) {
    case 'single':
      return map(field, value);
    case 'repeated':
      return (value as readonly unknown[]).map((item) => map(field, item));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as Message).map(([key, item]) => [key, map(field, item)]),
      );
  }
}
