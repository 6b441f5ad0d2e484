import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { CelError, evaluate, parseCel } from './index.ts';

const VARIABLES = {
  assertion: {
    sub: 'repo:o@1/r@2:ref:refs/heads/main',
    repository: 'o/r',
    repository_owner_id: '1',
    teams: ['a', 'b'],
    run: 7,
    'https://x/claim': 'y',
  },
};

const valueOf = (text: string) => evaluate(parseCel(text), VARIABLES);

describe('an expression', () => {
  test.each([
    ['assertion.repository', 'o/r'],
    [`assertion['https://x/claim']`, 'y'],
    [`assertion.repository == "o/r"`, true],
    [`assertion.repository != 'o/r'`, false],
    [`assertion.repository == "o/r" && assertion.repository_owner_id == "1"`, true],
    [`assertion.repository == "x" || assertion.run >= 7`, true],
    [`assertion.repository == "x" || assertion.run > 7 && true`, false],
    [`assertion.repository in ["a/b", "o/r"]`, true],
    [`"b" in assertion.teams`, true],
    [`"sub" in assertion`, true],
    [`!("c" in assertion.teams)`, true],
    [`assertion.sub.startsWith("repo:o@1/")`, true],
    [`assertion.sub.endsWith("/main") && !assertion.sub.contains("pull")`, true],
    [`assertion.sub.matches("^repo:[a-z]@1/")`, true],
    [`"owner-" + assertion.repository_owner_id`, 'owner-1'],
    [`has(assertion.environment) ? assertion.environment : "none"`, 'none'],
    [`assertion.teams[1]`, 'b'],
    [`assertion.run == -7`, false],
    [`assertion.environment == "x" && false`, false],
    [`true || assertion.environment == "x"`, true],
    [`assertion.repository == "it's"`, false],
  ])('%s is %p', (text, expected) => {
    expect(valueOf(text)).toEqual(expected);
  });

  test.each([
    ['assertion.environment', 'no such key: "environment"'],
    ['assertion.constructor', 'no such key: "constructor"'],
    ['attribute.x', 'undeclared reference to "attribute"'],
    [`assertion.sub && true`, 'expected a bool'],
    [`assertion.sub > 1`, 'no such overload: >'],
    [`assertion.sub + 1`, 'no such overload: +'],
    [`assertion.sub.startsWith(1)`, 'no such overload: startsWith'],
    [`assertion.sub.eval("x")`, 'undeclared reference to "eval"'],
    [`assertion.sub.matches("(")`, '"(" is no regular expression'],
    ['assertion.', 'unexpected end at position 11'],
    ['assertion.sub ==', 'unexpected end at position 17'],
    ['(assertion', 'unexpected end at position 11'],
    ['a b', 'unexpected "b" at position 2'],
    ['a # b', 'unexpected "#" at position 2'],
    ['has(1)', 'has() takes one field'],
    ['!'.repeat(5_000) + 'true', 'unexpected "!" at position 101'],
  ])('%s has no value', (text, message) => {
    expect(() => valueOf(text)).toThrow(new CelError(message));
  });

  test('of any text has a value or is refused', () => {
    const parts = fc.constantFrom(
      'assertion',
      '.sub',
      '==',
      '"x"',
      '(',
      ')',
      '&&',
      '!',
      ' in ',
      '[',
      ']',
      '? ',
      ':',
      '1',
      ' ',
    );

    fc.assert(
      fc.property(fc.array(parts), (text) => {
        expect(outcomeOf(text.join(''))).toMatch(/^(value|CelError)$/);
      }),
    );
  });
});

function outcomeOf(text: string): string {
  try {
    valueOf(text);
    return 'value';
  } catch (thrown) {
    return thrown instanceof Error ? thrown.name : 'no error';
  }
}
