import { parseDuration } from './duration.ts';
import { InputError } from './failure.ts';

/** The inputs of an action, read by name as in action.yml. An empty value counts as absent. */
export interface Inputs {
  readonly text: (name: string) => string | undefined;
  readonly required: (name: string) => string;
  /** A whole number within the bounds, both included. */
  readonly whole: (name: string, bounds: Bounds) => number | undefined;
  readonly flag: (name: string) => boolean | undefined;
  readonly choice: <const T extends string>(name: string, values: readonly T[]) => T | undefined;
  /** Entries separated by new lines or commas; blank ones are left out. */
  readonly list: (name: string) => readonly string[];
  /** Milliseconds of `30s`, `5m`, `1h`. */
  readonly duration: (name: string) => number | undefined;
  /** `KEY=value` lines. */
  readonly pairs: (name: string) => Readonly<Record<string, string>>;
  /** Parsed JSON, to be narrowed by the caller. */
  readonly json: (name: string) => unknown;
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** Inputs from plain values keyed by their names in action.yml. */
export function inputsOf(values: Readonly<Record<string, string | undefined>>): Inputs {
  const text = (name: string) => {
    const value = values[name]?.trim();
    return value === '' ? undefined : value;
  };
  const parsed = <T>(name: string, expected: string, parse: (value: string) => T | undefined) => {
    const value = text(name);
    if (value === undefined) return undefined;
    const result = parse(value);
    if (result === undefined) throw new InputError(`input "${name}" must be ${expected}, got "${value}"`);
    return result;
  };
  return {
    text,
    required: (name) => {
      const value = text(name);
      if (value === undefined) throw new InputError(`input "${name}" is required and is empty`);
      return value;
    },
    whole: (name, { min, max }) =>
      parsed(name, `a whole number from ${min} to ${max}`, (value) => wholeWithin(value, { min, max })),
    flag: (name) => parsed(name, '"true" or "false"', (value) => FLAGS.get(value)),
    choice: <const T extends string>(name: string, choices: readonly T[]) =>
      parsed(name, `one of ${choices.map((choice) => `"${choice}"`).join(', ')}`, (value) =>
        choices.find((choice) => choice === value),
      ),
    list: (name) => entries(text(name), /[\n,]/),
    duration: (name) => parsed(name, 'a duration such as "30s", "5m" or "1h"', parseDuration),
    pairs: (name) => Object.fromEntries(entries(text(name), /\n/).map((line) => pair(name, line))),
    json: (name) => parsed(name, 'JSON', parseJson)?.value,
  };
}

/** Inputs as the runner hands them over: `INPUT_` and the upper-cased name. */
export function inputsFromEnvironment(env: Readonly<Record<string, string | undefined>>): Inputs {
  const named = Object.entries(env)
    .filter(([key]) => key.startsWith('INPUT_'))
    .map(([key, value]) => [key.slice('INPUT_'.length).toLowerCase(), value] as const);
  return inputsOf(Object.fromEntries(named));
}

function wholeWithin(value: string, { min, max }: Bounds): number | undefined {
  const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  return number >= min && number <= max ? number : undefined;
}

function entries(value: string | undefined, separator: RegExp): readonly string[] {
  return (value ?? '')
    .split(separator)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function pair(name: string, line: string): readonly [string, string] {
  const at = line.indexOf('=');
  if (at < 1) throw new InputError(`input "${name}" must have KEY=value on each line, got "${line}"`);
  return [line.slice(0, at).trim(), line.slice(at + 1)];
}

function parseJson(value: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(value) as unknown };
  } catch {
    return undefined;
  }
}
