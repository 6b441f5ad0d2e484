import { expect, test } from '@jest/globals';

import { trafficChanges } from './traffic-changes.ts';

const toFirst = [{ revision: 'web-1', percent: 100 }];
const split = [
  { revision: 'web-1', percent: 80 },
  { revision: 'web-2', percent: 20 },
];

test('a change is told with the time at which it was first seen', () => {
  const changes = trafficChanges();

  changes.record('web', 1_000, toFirst);
  changes.record('web', 2_000, toFirst);
  changes.record('web', 3_000, split);
  changes.record('web', 4_000, [...split].reverse());

  expect(changes.of('web')).toEqual([
    { atMs: 1_000, shares: toFirst },
    { atMs: 3_000, shares: split },
  ]);
});

test('a revision that has a tag alone is no change', () => {
  const changes = trafficChanges();
  changes.record('web', 1_000, toFirst);

  changes.record('web', 2_000, [...toFirst, { revision: 'web-2', percent: 0 }]);

  expect(changes.of('web')).toHaveLength(1);
});

test('a service that is gone is forgotten', () => {
  const changes = trafficChanges();
  changes.record('web', 1_000, toFirst);

  changes.keepOnly(() => false);

  expect(changes.of('web')).toEqual([]);
});
