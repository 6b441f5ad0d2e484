import { expect, test } from '@jest/globals';

import { judgeSmoke, type ProbeAnswer } from './index.ts';

const answered = (status: number, body: string, contentType = 'application/json'): ProbeAnswer => ({
  kind: 'answered',
  status,
  contentType,
  body,
});

test.each([
  ['the status alone', answered(204, ''), { status: 204, isGraphql: false }],
  ['a contained text', answered(200, 'hello world'), { status: 200, contains: 'world', isGraphql: false }],
  [
    'GraphQL data (HG-08)',
    answered(200, '{"data":{"__typename":"Query"}}'),
    { status: 200, isGraphql: true },
  ],
])('a smoke check passes on %s', (_, answer, expected) => {
  expect(judgeSmoke(answer, expected)).toEqual({ kind: 'healthy', provenBy: 'nothing' });
});

test.each([
  {
    flaw: 'another status',
    answer: answered(500, ''),
    expected: { status: 200, isGraphql: false },
    because: 'answered 500, expected 200',
  },
  {
    flaw: 'a missing text',
    answer: answered(200, 'bye'),
    expected: { status: 200, contains: 'hello', isGraphql: false },
    because: 'the body does not contain "hello"',
  },
  {
    flaw: 'GraphQL errors under 200',
    answer: answered(200, '{"data":{"a":1},"errors":[{"message":"boom"},{}]}'),
    expected: { status: 200, isGraphql: true },
    because: 'GraphQL error: boom (and 1 more)',
  },
  {
    flaw: 'GraphQL without data',
    answer: answered(200, '{"data":null}'),
    expected: { status: 200, isGraphql: true },
    because: 'the GraphQL result has no data',
  },
  {
    flaw: 'something that is not GraphQL',
    answer: answered(200, '[]'),
    expected: { status: 200, isGraphql: true },
    because: 'the body is not a GraphQL result',
  },
])('a smoke check fails on $flaw', ({ answer, expected, because }) => {
  expect(judgeSmoke(answer, expected)).toEqual({ kind: 'unhealthy', because });
});

test('a platform refusal is inconclusive unless it is what was expected', () => {
  const refused = answered(403, '<html>', 'text/html');

  expect(judgeSmoke(refused, { status: 200, isGraphql: false }).kind).toBe('inconclusive');
  expect(judgeSmoke(refused, { status: 403, isGraphql: false }).kind).toBe('healthy');
});
