/** A JSON message of either version; its form is vouched for at the door. */
export type Message = Readonly<Record<string, unknown>>;

/** How one value is written in the other version; undefined says nothing there. */
export interface Codec {
  readonly toV1: (value: unknown) => unknown;
  readonly toV2: (value: unknown) => unknown;
}

/** A field of v1 and the field of v2 that means the same. */
export interface Pair {
  readonly v1: readonly string[];
  readonly v2: readonly string[];
  readonly codec: Codec;
}

export const same: Codec = { toV1: (value) => value, toV2: (value) => value };

/** Paths are dotted; a name with dots of its own is a {@link Pair} written out. */
export function pair(v1: string, v2: string, codec: Codec = same): Pair {
  return { v1: v1.split('.'), v2: v2.split('.'), codec };
}

/** A field of v2 that v1 writes as an annotation of the resource. */
export function annotation(key: string, v2: string, codec: Codec = same): Pair {
  return { v1: ['metadata', 'annotations', key], v2: v2.split('.'), codec };
}

export function toV1(pairs: readonly Pair[], message: Message): Message {
  return translate(
    message,
    pairs.map(({ v1, v2, codec }) => ({ from: v2, to: v1, convert: codec.toV1 })),
  );
}

export function toV2(pairs: readonly Pair[], message: Message): Message {
  return translate(
    message,
    pairs.map(({ v1, v2, codec }) => ({ from: v1, to: v2, convert: codec.toV2 })),
  );
}

export function message(pairs: readonly Pair[]): Codec {
  return {
    toV1: (value) => toV1(pairs, messageOf(value)),
    toV2: (value) => toV2(pairs, messageOf(value)),
  };
}

export function list(item: Codec): Codec {
  return { toV1: (value) => listOf(value).map(item.toV1), toV2: (value) => listOf(value).map(item.toV2) };
}

export function messageOf(value: unknown): Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Message) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, field) => messageOf(inner)[field], value);
}

export function put(into: Message, [field = '', ...rest]: readonly string[], value: unknown): Message {
  return { ...into, [field]: rest.length === 0 ? value : put(messageOf(into[field]), rest, value) };
}

interface Step {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly convert: (value: unknown) => unknown;
}

function translate(from: Message, steps: readonly Step[]): Message {
  return steps.reduce<Message>((into, step) => {
    const value = at(from, step.from);
    const converted = value === undefined ? undefined : step.convert(value);
    return converted === undefined ? into : put(into, step.to, converted);
  }, {});
}

/** The text, or none where the value is no text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
