/** A value of the expression language. Its null is our `undefined`. */
export type Json = string | number | boolean | undefined | readonly Json[] | { readonly [key: string]: Json };

export type JsonRecord = Readonly<Record<string, Json>>;

export function isRecord(value: Json): value is JsonRecord {
  return typeof value === 'object' && !Array.isArray(value);
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** A value as it is shown in messages. */
export function shown(value: Json): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}

/** Parsed JSON or any plain value as a `Json`: null becomes undefined, what JSON cannot say is left out. */
export function jsonOf(value: unknown): Json {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, jsonOf(member)]));
}
