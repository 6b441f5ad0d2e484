import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { compose, type SubgraphSource } from './index.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';

const subgraph = (name: string, lines: readonly string[], link = LINK): SubgraphSource => ({
  name,
  url: `https://${name}.example/graphql`,
  file: `src/${name}/schema.graphql`,
  sdl: [link, ...lines].join('\n'),
});

const journal = subgraph('journal', [
  'type Query { entries: [Entry!]! }',
  'type Entry @key(fields: "id") { id: ID! text: String! author: User }',
  'type User @key(fields: "id") { id: ID! }',
]);
const users = subgraph('users', [
  'type Query { me: User }',
  'type User @key(fields: "id") { id: ID! name: String! mood: Mood }',
  'enum Mood { CALM STORMY }',
]);

describe('a supergraph', () => {
  test('names every subgraph and its routing URL', () => {
    const composition = compose([journal, users]);

    expect(composition).toMatchObject({
      kind: 'supergraph',
      sdl: expect.stringContaining('USERS @join__graph(name: "users", url: "https://users.example/graphql")'),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      hints: [],
    });
  });

  test('is the same bytes whatever the order of subgraphs and lines (SG-03)', () => {
    const [link = '', ...definitions] = users.sdl.split('\n');
    const whole = compose([journal, users]);
    const orders = fc.shuffledSubarray(definitions, { minLength: definitions.length });

    fc.assert(
      fc.property(orders, fc.boolean(), (lines, isUsersFirst) => {
        const shuffled = { ...users, sdl: [...lines, link].join('\n\n# a comment\n') };
        const composition = compose(isUsersFirst ? [shuffled, journal] : [journal, shuffled]);
        expect(composition).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  test('another routing URL is another digest', () => {
    const moved = { ...users, url: 'https://elsewhere.example/graphql' };

    expect(digestIn(compose([journal, moved]))).not.toBe(digestIn(compose([journal, users])));
  });

  test('a newer federation link than the library knows is composed and mentioned', () => {
    const strawberry = subgraph('habits', ['type Query { habits: [ID!]! }'], LINK.replace('v2.9', 'v2.11'));

    expect(compose([strawberry])).toMatchObject({
      kind: 'supergraph',
      hints: ['subgraph "habits" links federation v2.11 and is composed as v2.9'],
    });
  });

  test('a subgraph without a federation link is mentioned', () => {
    const plain = subgraph('habits', ['type Query { habits: [ID!]! }'], '');

    expect(compose([plain])).toMatchObject({
      kind: 'supergraph',
      hints: [expect.stringContaining('is read as Federation 1')],
    });
  });
});

describe('errors', () => {
  test('conflicting field types name both subgraphs and both places (SG-06, SG-07)', () => {
    const habits = subgraph('habits', [
      'type Query { habits: [ID!]! }',
      'type User @key(fields: "id") { id: ID!',
      '  name: Int! @shareable',
      '}',
    ]);

    expect(compose([users, habits])).toMatchObject({
      kind: 'errors',
      errors: [
        {
          code: 'FIELD_TYPE_MISMATCH',
          message: expect.stringContaining('"User.name"'),
          subgraphs: ['habits', 'users'],
          places: [
            { subgraph: 'habits', file: 'src/habits/schema.graphql', line: 4, column: 3 },
            { subgraph: 'users', file: 'src/users/schema.graphql', line: 3, column: 40 },
          ],
        },
        { code: 'INVALID_FIELD_SHARING', subgraphs: ['habits', 'users'] },
      ],
    });
  });

  test('a field that no plan can reach is placed where it is defined', () => {
    const one = subgraph('one', ['type Query { thing: Thing }', 'type Thing { id: ID! @shareable, a: Int }']);
    const two = subgraph('two', ['type Query { other: Thing }', 'type Thing { id: ID! @shareable, b: Int }']);

    expect(compose([one, two])).toMatchObject({
      kind: 'errors',
      errors: [
        { code: 'SATISFIABILITY_ERROR', places: [{ file: 'src/one/schema.graphql', line: 3 }] },
        { code: 'SATISFIABILITY_ERROR', places: [{ file: 'src/two/schema.graphql', line: 3 }] },
      ],
    });
  });

  test('a position that the library gives is kept', () => {
    const broken = subgraph('habits', ['type Query { habits: Nothing }']);

    expect(compose([broken])).toMatchObject({
      kind: 'errors',
      errors: [
        {
          code: 'INVALID_GRAPHQL',
          subgraphs: ['habits'],
          places: [{ subgraph: 'habits', file: 'src/habits/schema.graphql', line: 2, column: 22 }],
        },
      ],
    });
  });

  test('syntax errors of all subgraphs come at once, with line and column', () => {
    const one = subgraph('one', ['type Query {']);
    const two = subgraph('two', ['tpye Query { a: Int }']);

    expect(compose([one, two])).toEqual({
      kind: 'errors',
      errors: [
        {
          code: 'INVALID_GRAPHQL',
          message: 'Syntax Error: Expected Name, found <EOF>.',
          subgraphs: ['one'],
          places: [{ subgraph: 'one', file: 'src/one/schema.graphql', line: 2, column: 13 }],
        },
        {
          code: 'INVALID_GRAPHQL',
          message: 'Syntax Error: Unexpected Name "tpye".',
          subgraphs: ['two'],
          places: [{ subgraph: 'two', file: 'src/two/schema.graphql', line: 2, column: 1 }],
        },
      ],
    });
  });

  test('two subgraphs of one name are an error, not an exception', () => {
    expect(compose([users, users])).toMatchObject({
      kind: 'errors',
      errors: [{ code: 'DUPLICATE_SUBGRAPH', message: 'two subgraphs are named "users"' }],
    });
  });

  test('no subgraphs at all are an error', () => {
    expect(compose([])).toMatchObject({ kind: 'errors', errors: [{ code: 'NO_QUERIES', places: [] }] });
  });

  test('any text gives a supergraph or errors, never an exception', () => {
    const words = fc.constantFrom(
      'type',
      'Query',
      '{',
      '}',
      'a',
      ':',
      'Int',
      '@key',
      '(fields: "id")',
      '!',
      '"',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 20 }), (text) => {
        expect(() => compose([{ ...users, sdl: text.join(' ') }])).not.toThrow();
      }),
    );
  });
});

function digestIn(composition: ReturnType<typeof compose>): string {
  return composition.kind === 'supergraph' ? composition.digest : 'no supergraph';
}
