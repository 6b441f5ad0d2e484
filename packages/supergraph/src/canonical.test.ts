import { expect, test } from '@jest/globals';

import { canonicalSdl, schemaDifference } from './index.ts';

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
