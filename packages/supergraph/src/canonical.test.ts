import { describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';

import { canonicalSdl, compose, schemaDifference } from './index.ts';
import { served } from './test-served.ts';

test('schemas that differ in order, layout and federation machinery are equal', () => {
  const committed = `
    type Query { habits(first: Int, after: ID): [Habit!]! }
    type Habit @key(fields: "id") { id: ID!, name: String! }
  `;
  const served = `
    scalar _Any
    union _Entity = Habit
    type _Service { sdl: String! }
    type Habit @key(fields: "id") { name: String! id: ID! }
    type Query {
      _entities(representations: [_Any!]!): [_Entity]!
      _service: _Service!
      habits(after: ID, first: Int): [Habit!]!
    }
  `;

  expect(canonicalSdl(served)).toBe(canonicalSdl(committed));
});

test('a field that one of them lacks makes them differ', () => {
  expect(canonicalSdl('type Query { a: Int }')).not.toBe(canonicalSdl('type Query { a: Int b: Int }'));
});

test('bad syntax is thrown', () => {
  expect(() => canonicalSdl('tpye Query')).toThrow('Syntax Error');
});

test('the definitions that differ are named', () => {
  const committed = 'type Query { a: Int } type Habit { id: ID! } enum Mood { CALM }';
  const served =
    'enum Mood { CALM STORMY } type Query { a: Int } type Entry { id: ID! } type Habit { id: ID! }';

  expect(schemaDifference(committed, served)).toEqual(['Entry', 'Mood']);
});

describe('what @apollo/subgraph makes of a schema is equal to the schema', () => {
  test.each(served)('$what', ({ written, texts }) => {
    const canonical = texts.map(canonicalSdl);

    expect(canonical).toEqual(texts.map(() => canonicalSdl(written)));
  });

  test.each(served)('and can be read again: $what', ({ written, texts }) => {
    const again = [written, ...texts].map((text) => canonicalSdl(canonicalSdl(text)));

    expect(again).toEqual([written, ...texts].map(canonicalSdl));
  });
});

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@shareable"])';
const USER = 'type User @key(fields: "id") { id: ID! name: String }';

const alike = [
  { what: 'a root that is extended', one: 'type Query { a: Int }', other: 'extend type Query { a: Int }' },
  {
    what: 'a type in two parts',
    one: `type Query { a: Int } ${USER}`,
    other: 'type Query { a: Int } extend type User { name: String } type User @key(fields: "id") { id: ID! }',
  },
  {
    what: 'roots of the usual names',
    one: 'type Query { a: Int } type Mutation { b: Int }',
    other: 'schema { query: Query mutation: Mutation } type Query { a: Int } type Mutation { b: Int }',
  },
  {
    what: 'a definition of what the link imports',
    one: USER,
    other: `directive @key(fields: federation__FieldSet!) repeatable on OBJECT | INTERFACE scalar federation__FieldSet ${USER}`,
  },
];

const unlike = [
  {
    what: 'a key on an extension',
    one: 'type User @key(fields: "id") { id: ID! }',
    other: 'extend type User @key(fields: "id") { id: ID! }',
  },
  {
    what: 'an external field in an extension',
    one: 'type User { id: ID! @external }',
    other: 'extend type User { id: ID! @external }',
  },
  {
    what: 'a type that is named Mutation and is no root',
    one: 'type Query { a: Mutation } type Mutation { b: Int }',
    other: 'schema { query: Query } type Query { a: Mutation } type Mutation { b: Int }',
  },
  {
    what: "a directive of the subgraph's own by a name that is not imported",
    one: 'type Query { a: Int }',
    other: 'directive @tag on FIELD type Query { a: Int }',
  },
  {
    what: 'a link to another version',
    one: 'extend schema @link(url: "https://example.com/own/v1.0")',
    other: 'extend schema @link(url: "https://example.com/own/v1.1")',
  },
];

describe('in Federation 2', () => {
  test.each(alike)('$what makes no difference', ({ one, other }) => {
    expect(canonicalSdl(`${LINK} ${other}`)).toBe(canonicalSdl(`${LINK} ${one}`));
  });

  test.each(alike)('nor in the supergraph: $what', ({ one, other }) => {
    expect(supergraphWith(`${LINK} ${other}`)).toEqual(supergraphWith(`${LINK} ${one}`));
  });

  test.each(unlike)('$what makes a difference', ({ one, other }) => {
    expect(canonicalSdl(`${LINK} ${other}`)).not.toBe(canonicalSdl(`${LINK} ${one}`));
  });
});

test('what is left can be parsed when nothing but the gateway is served', () => {
  const canonical = canonicalSdl(
    'type Query { _service: _Service! } type _Service { sdl: String } type A { b: Int }',
  );

  expect(parse(canonical).definitions).toHaveLength(1);
});

/** Lines of the supergraph in any order. */
function supergraphWith(sdl: string): readonly string[] {
  const other = `${LINK} type Query { users: [User] } type User @key(fields: "id") { id: ID! age: Int }`;
  const composed = compose([
    { name: 'one', file: 'one.graphql', url: 'https://one.example.com', sdl },
    { name: 'other', file: 'other.graphql', url: 'https://other.example.com', sdl: other },
  ]);
  if (composed.kind === 'errors') throw new Error(composed.errors.map(({ message }) => message).join('\n'));
  return composed.sdl.split('\n').toSorted();
}
