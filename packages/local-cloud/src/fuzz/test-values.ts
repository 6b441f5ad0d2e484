import fc from 'fast-check';

import { type Field, fieldsOf } from '../http/proto-schema.ts';

/** For tests: texts that have broken servers before. */
const hostileText = fc.constantFrom(
  '',
  ' ',
  '\u0000',
  '../../../etc/passwd',
  '..%2f..%2f',
  '__proto__',
  'constructor',
  'prototype',
  '\ud800',
  '\u202e\u200bweb',
  'ÅΩ≈ç√∫˜µ≤',
  '💥'.repeat(50),
  'x'.repeat(5_000),
  '$(reboot)',
  "'; drop table services; --",
  '<script>alert(1)</script>',
  '{"$map":[]}',
  '-1',
  '1e400',
  '9223372036854775808',
  'web\r\nSet-Cookie: a=b',
);
const usualText = fc.constantFrom('web', 'api', 'web-one', 'a', '1', '80', 'true', '5s', '2', 'GA', 'latest');
const hostileNumber = fc.constantFrom(-1, 0.5, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e300, -0, 101, 65_536);
const usualNumber = fc.constantFrom(0, 1, 2, 3, 50, 80, 100);
const deep = fc.constantFrom(nested(50), nested(2_000));

/** Something that no field expects. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  hostileNumber,
  fc.boolean(),
  fc.constant(null),
  fc.constant([]),
  fc.constant({}),
  fc.constant([[[]]]),
  fc.constant(
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as unknown,
  ),
  fc.constant({ $map: [['a', 1]], $bytes: 'AAAA' }),
  fc.jsonValue({ maxDepth: 3 }),
  deep,
);

/** JSON of a message as its proto has it, a field of it now and then of another type or unknown. */
export function messageOf(type: string, depth = 4): fc.Arbitrary<unknown> {
  const fields = [...fieldsOf(type).values()];
  const known = Object.fromEntries(fields.map((field) => [field.name, valueOf(field, depth)]));
  const message = sparse(known);
  return fc.oneof(
    { weight: 40, arbitrary: message },
    {
      weight: 1,
      arbitrary: fc
        .tuple(message, fc.constantFrom('unknown', '__proto__', 'a.b', 'toString'))
        .map(withUnknown),
    },
    { weight: 1, arbitrary: anything },
  );
}

// Few fields of many, as a person would write: a message with all of them is refused for its first.
function sparse(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> {
  const names = Object.keys(fields);
  if (names.length === 0) return fc.constant({});
  return fc
    .uniqueArray(fc.constantFrom(...names), { maxLength: 4 })
    .chain((chosen) => fc.record(Object.fromEntries(chosen.map((name) => [name, fields[name] ?? anything]))));
}

function withUnknown([message, key]: readonly [object, string]): unknown {
  return Object.fromEntries([...Object.entries(message), [key, 1]]);
}

function valueOf(field: Field, depth: number): fc.Arbitrary<unknown> {
  const one = singleOf(field, depth);
  const shaped = {
    single: one,
    repeated: fc.array(one, { maxLength: 3 }),
    map: fc.dictionary(fc.oneof(usualText, hostileText), one, { maxKeys: 3 }),
  }[field.shape];
  return fc.oneof({ weight: 40, arbitrary: shaped }, { weight: 1, arbitrary: anything });
}

function singleOf({ type }: Field, depth: number): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'enum':
      return fc.constantFrom<unknown>(...Object.keys(type.values), ...Object.values(type.values), 'NO_SUCH');
    case 'message':
      if (depth === 0) return fc.constant({});
      return fc.oneof(
        { weight: 1, arbitrary: usualText },
        { weight: 4, arbitrary: fc.constant(0).chain(() => messageOf(type.name, depth - 1)) },
      );
    case 'scalar':
      return scalarOf(type.name);
  }
}

function scalarOf(name: string): fc.Arbitrary<unknown> {
  if (name === 'bool') return fc.oneof(fc.boolean(), fc.constantFrom<unknown>('true', 1));
  if (name === 'string' || name === 'bytes')
    return fc.oneof({ weight: 8, arbitrary: usualText }, { weight: 1, arbitrary: hostileText });
  return fc.oneof({ weight: 8, arbitrary: usualNumber }, { weight: 1, arbitrary: hostileNumber });
}

function nested(depth: number): unknown {
  return JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown;
}

/** A JSON value that is right, with up to three of its parts replaced by something that no reader expects, or left out. */
export function mutated(valid: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(valid);
  const change = fc.tuple(
    fc.constantFrom(...places),
    fc.option(fc.oneof(usualText, anything), { freq: 5, nil: undefined }),
  );
  return fc
    .array(change, { maxLength: 3 })
    .map((changes) => changes.reduce((value, [place, part]) => replaced(value, place, part), valid));
}

type Place = readonly string[];

function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner).map((place) => [key, ...place])),
  ];
}

function replaced(value: unknown, [key, ...rest]: Place, part: unknown): unknown {
  if (key === undefined) return part;
  if (typeof value !== 'object' || value === null) return value;
  const inner = replaced(new Map(Object.entries(value)).get(key), rest, part);
  if (Array.isArray(value))
    return (value as readonly unknown[]).map((item, index) => (String(index) === key ? inner : item));
  return { ...value, [key]: inner };
}
