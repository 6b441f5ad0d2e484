import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { distributionView, merged, percentileOf } from './distribution.ts';

const boundsMs = [10, 100, 1_000];
const histogram = (counts: readonly number[], sumMs = 0) => ({ boundsMs, counts, sumMs });

describe('a percentile', () => {
  test.each([
    ['of nothing is nothing', [0, 0, 0, 0], 50, undefined],
    ['is interpolated in its bucket', [0, 10, 0, 0], 50, 55],
    ['skips empty buckets', [1, 0, 9, 0], 95, 950],
    ['is the last bound when it is beyond all bounds', [0, 0, 0, 4], 99, 1_000],
  ])('%s', (_, counts, percent, expected) => {
    expect(percentileOf(histogram(counts), percent)).toBe(expected);
  });

  test('never falls when more is asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(20), { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 0, max: 99 }),
        (counts, percent) => {
          const lower = percentileOf(histogram(counts), percent) ?? 0;
          expect(percentileOf(histogram(counts), percent + 1) ?? 0).toBeGreaterThanOrEqual(lower);
        },
      ),
    );
  });
});

test('a distribution has a count in each bucket, their sum and their mean', () => {
  const sum = merged([histogram([1, 2, 0, 0], 100), histogram([0, 0, 0, 1], 2_000)]);

  expect(distributionView(sum)).toEqual({
    count: '4',
    mean: 525,
    sumOfSquaredDeviation: (5 - 525) ** 2 + 2 * (55 - 525) ** 2 + (1_000 - 525) ** 2,
    bucketOptions: { explicitBuckets: { bounds: boundsMs } },
    bucketCounts: ['1', '2', '0', '1'],
  });
});
