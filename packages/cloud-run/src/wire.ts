import { ActionFailure } from '@fairlead/action-kit';

/** An object as it came from the API. */
export type Wire = Readonly<Record<string, unknown>>;

/** The object in an answer; throws when there is none, naming what was asked for. */
export function wireOf(value: unknown, what: string): Wire {
  if (isWire(value)) return value;
  throw new ActionFailure(`${what}: expected a JSON object from the API, got ${JSON.stringify(value)}`);
}

export function textIn(wire: Wire, field: string): string | undefined {
  const value = wire[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number that may come as text, as JSON of 64-bit integers does; 0 when absent. */
export function numberIn(wire: Wire, field: string): number {
  const value = wire[field];
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : 0;
  return Number.isFinite(number) ? number : 0;
}

export function objectIn(wire: Wire, field: string): Wire {
  const value = wire[field];
  return isWire(value) ? value : {};
}

export function objectsIn(wire: Wire, field: string): readonly Wire[] {
  const value = wire[field];
  return Array.isArray(value) ? value.filter(isWire) : [];
}

export function textsIn(wire: Wire, field: string): Readonly<Record<string, string>> {
  const entries = Object.entries(objectIn(wire, field));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The field under its own name when it is there, for spreading. */
export function optionalText<F extends string>(wire: Wire, field: F): { readonly [K in F]?: string } {
  const value = textIn(wire, field);
  return (value === undefined ? {} : { [field]: value }) as { readonly [K in F]?: string };
}

function isWire(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
