import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { instanceCounts } from './instance-splits.ts';

test.each<[number, readonly number[], readonly number[]]>([
  [1, [100], [1]],
  [10, [80, 20], [8, 2]],
  [3, [50, 50], [2, 1]],
  [1, [20, 80], [0, 1]],
  [0, [60, 40], [0, 0]],
  [7, [34, 33, 33], [3, 2, 2]],
])('%i instances by %j are %j', (instances, percents, counts) => {
  expect(instanceCounts(instances, percents)).toEqual(counts);
});

test('all instances are given out, however they are split', () => {
  const percents = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 5 }).map((parts) => {
    const used = parts.reduce<readonly number[]>((taken, part) => {
      const left = 100 - taken.reduce((sum, one) => sum + one, 0);
      return [...taken, Math.min(part, left)];
    }, []);
    return [...used, 100 - used.reduce((sum, one) => sum + one, 0)];
  });

  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000 }), percents, (instances, shares) => {
      const counts = instanceCounts(instances, shares);

      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(instances);
    }),
  );
});
