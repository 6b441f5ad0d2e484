import { expect, test } from '@jest/globals';

import { memoryBytes } from './memory.ts';

test.each([
  ['512Mi', 536_870_912],
  ['1Gi', 1_073_741_824],
  ['1.5Gi', 1_610_612_736],
  ['500M', 500_000_000],
  ['1000', 1_000],
  ['', undefined],
  ['lots', undefined],
  ['1Ti', undefined],
])('a memory limit of "%s" is %s bytes', (quantity, bytes) => {
  expect(memoryBytes(quantity)).toBe(bytes);
});
