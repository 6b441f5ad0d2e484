import type { ProtoField } from './proto-node.ts';
import { nodeAt, resolveType } from './proto-root.ts';

/** A field as the published protos describe it. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly shape: 'single' | 'repeated' | 'map';
  /** Whether its default value is told apart from its absence: `optional` fields and those of a oneof. */
  readonly hasPresence: boolean;
  readonly oneof?: string;
}

export type FieldType =
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: 'enum'; readonly name: string; readonly values: Readonly<Record<string, number>> }
  | { readonly kind: 'message'; readonly name: string };

const known = new Map<string, ReadonlyMap<string, Field>>();

/** The fields of a message by their JSON names; the full name begins with `google.`. */
export function fieldsOf(message: string): ReadonlyMap<string, Field> {
  const cached = known.get(message);
  if (cached !== undefined) return cached;
  const fields = readFields(message);
  known.set(message, fields);
  return fields;
}

/** `update_mask` as `updateMask`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `updateMask` as `update_mask`: the name in the proto. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Whether the protos know a message of this full name. */
export function isKnownMessage(name: string): boolean {
  return nodeAt(name)?.fields !== undefined;
}

function readFields(message: string): ReadonlyMap<string, Field> {
  const node = nodeAt(message);
  const oneofs = Object.entries(node?.oneofs ?? {});
  return new Map(
    Object.entries(node?.fields ?? {}).map(([name, field]) => {
      const oneof = oneofs.find(([, { oneof }]) => oneof.includes(name))?.[0];
      return [name, readField(message, { name, field, ...(oneof === undefined ? {} : { oneof }) })];
    }),
  );
}

function readField(
  message: string,
  { name, field, oneof }: { readonly name: string; readonly field: ProtoField; readonly oneof?: string },
): Field {
  return {
    name,
    type: typeOf(message, field.type),
    shape: field.keyType === undefined ? (field.rule === 'repeated' ? 'repeated' : 'single') : 'map',
    hasPresence: oneof !== undefined || field.options?.proto3_optional === true,
    ...(oneof === undefined ? {} : { oneof }),
  };
}

function typeOf(scope: string, type: string): FieldType {
  const name = resolveType(scope, type);
  if (name === undefined) return { kind: 'scalar', name: type };
  const values = nodeAt(name)?.values;
  return values === undefined ? { kind: 'message', name } : { kind: 'enum', name, values };
}
