import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

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

interface ProtoNode {
  readonly nested?: Readonly<Record<string, ProtoNode>>;
  readonly fields?: Readonly<Record<string, ProtoField>>;
  readonly values?: Readonly<Record<string, number>>;
  readonly oneofs?: Readonly<Record<string, { readonly oneof: readonly string[] }>>;
}

interface ProtoField {
  readonly type: string;
  readonly rule?: string;
  readonly keyType?: string;
  readonly options?: { readonly proto3_optional?: boolean };
}

const root = loadProtos();
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
  const name = resolve(scope, type);
  if (name === undefined) return { kind: 'scalar', name: type };
  const values = nodeAt(name)?.values;
  return values === undefined ? { kind: 'message', name } : { kind: 'enum', name, values };
}

/** The full name of a type that is named from within `scope`, looked for from the inside out. */
function resolve(scope: string, type: string): string | undefined {
  for (let outer = scope.split('.'); outer.length > 0; outer = outer.slice(0, -1)) {
    const candidate = [...outer, type].join('.');
    if (nodeAt(candidate) !== undefined) return candidate;
  }
  return nodeAt(type) === undefined ? undefined : type;
}

function nodeAt(name: string): ProtoNode | undefined {
  return name.split('.').reduce<ProtoNode | undefined>((node, part) => node?.nested?.[part], root);
}

function loadProtos(): ProtoNode {
  const require = createRequire(import.meta.url);
  const file = require.resolve('@google-cloud/run/build/protos/protos.json');
  return JSON.parse(readFileSync(file, 'utf8')) as ProtoNode;
}
