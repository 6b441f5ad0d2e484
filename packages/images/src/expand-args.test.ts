import { expect, test } from '@jest/globals';

import { expandArgs } from './index.ts';

test.each([
  ['node:24-slim', {}, 'node:24-slim'],
  ['${NODE_BASE:-node:24-slim}', {}, 'node:24-slim'],
  ['${NODE_BASE:-node:24-slim}', { NODE_BASE: '' }, 'node:24-slim'],
  ['${NODE_BASE:-node:24-slim}', { NODE_BASE: 'acme/base:1' }, 'acme/base:1'],
  ['${MIRROR}/node:24', { MIRROR: 'mirror.example' }, 'mirror.example/node:24'],
])('%s with %j is %s', (text, args, expanded) => {
  expect(expandArgs(text, args)).toBe(expanded);
});

test('an argument without a value and a fallback is refused by name', () => {
  expect(() => expandArgs('${NODE_BASE}', {})).toThrow(
    'asks for the build argument "NODE_BASE", which is not given',
  );
});
