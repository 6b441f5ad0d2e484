import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { dockerIgnore } from './index.ts';

test.each([
  ['node_modules', 'node_modules/left/pad.js', true],
  ['node_modules', 'web/node_modules/x.js', false],
  ['**/node_modules', 'web/node_modules/x.js', true],
  ['gha-creds-*.json', 'gha-creds-1.json', true],
  ['gha-creds-*.json', 'web/gha-creds-1.json', false],
  ['*.env', '.env', true],
  ['/dist/', 'dist/a', true],
  ['./dist', 'dist/a', true],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['[a-c]x', 'bx', true],
  ['# .env', '.env', false],
  ['*\n!keep', 'keep/it', false],
  ['*\n!keep\nkeep/not', 'keep/not', true],
  ['docs/**', 'docs/a/b', true],
  ['a.c', 'abc', false],
  ['[z-a]', 'a', false],
  ['', '.env', false],
])('the rules %j ignore %s: %s', (rules, path, isIgnored) => {
  expect(dockerIgnore(rules).ignores(path)).toBe(isIgnored);
});

test('any text is a list of rules', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...Array.from('[]^-*?!\\/ab#\n ')) }),
      fc.string(),
      (rules, path) => {
        expect(typeof dockerIgnore(rules).ignores(path)).toBe('boolean');
      },
    ),
  );
});
