import { expect, test } from '@jest/globals';

import type { MinuteCounts } from '../../data-plane.ts';
import { slowest } from './latency.ts';

const boundsMs = [10, 100, 1_000];

function minute(startMs: number, ok: readonly number[], failed: readonly number[] = []): MinuteCounts {
  return {
    startMs,
    byStatus: {},
    byClass: {
      '2xx': { boundsMs, counts: ok, sumMs: 0 },
      ...(failed.length === 0 ? {} : { '5xx': { boundsMs, counts: failed, sumMs: 0 } }),
    },
  };
}

test.each([
  ['all are quick', [minute(0, [100, 0, 0, 0])], 10],
  ['five of a hundred are slow', [minute(0, [95, 0, 5, 0])], 10],
  ['six of a hundred are slow', [minute(0, [94, 0, 6, 0])], 1_000],
  ['errors are slow', [minute(0, [90, 0, 0, 0], [0, 10, 0, 0])], 100],
  ['minutes differ', [minute(0, [50, 0, 0, 0]), minute(60_000, [0, 50, 0, 0])], 100],
  ['no bound holds them', [minute(0, [0, 0, 0, 9])], Infinity],
  ['only an older minute had answers', [minute(-120_000, [0, 0, 9, 0])], undefined],
  ['there was no answer', [], undefined],
])('the time within which 95 of 100 answers came, where %s', (_, series, expected) => {
  expect(slowest(series, 0)).toBe(expected);
});
