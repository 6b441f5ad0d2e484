import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { contentKey, type PackedContent } from './index.ts';

const CONTENT: PackedContent = {
  base: `sha256:${'b'.repeat(64)}`,
  platform: 'linux/amd64',
  layer: `sha256:${'a'.repeat(64)}`,
  workdir: '/app',
  command: ['node', 'server.js'],
  env: { A: '1', B: '2' },
};

test('the order of the environment does not change the key', () => {
  expect(contentKey({ ...CONTENT, env: { B: '2', A: '1' } })).toBe(contentKey(CONTENT));
});

test.each<[string, Partial<PackedContent>]>([
  ['base', { base: `sha256:${'c'.repeat(64)}` }],
  ['platform', { platform: 'linux/arm64' }],
  ['layer', { layer: `sha256:${'c'.repeat(64)}` }],
  ['workdir', { workdir: '/srv' }],
  ['command', { command: ['node server.js'] }],
  ['value', { env: { A: '1', B: '3' } }],
  ['user', { user: '' }],
])('another %s is another key', (_, change) => {
  expect(contentKey({ ...CONTENT, ...change })).not.toBe(contentKey(CONTENT));
});

test('two environments have one key only when they are the same', () => {
  const env = fc.dictionary(fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 }), {
    noNullPrototype: true,
  });

  fc.assert(
    fc.property(env, env, (one, other) => {
      const areSame =
        JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

      expect(contentKey({ ...CONTENT, env: one }) === contentKey({ ...CONTENT, env: other })).toBe(areSame);
    }),
  );
});
