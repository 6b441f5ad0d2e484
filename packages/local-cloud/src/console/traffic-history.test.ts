import { expect, test } from '@jest/globals';

import { type Counts, KEPT_MS, type Slot, trafficHistory } from './traffic-history.ts';
import { barsOf, countsSince, errorSpell } from './traffic-reading.ts';

const NOON = Date.UTC(2026, 0, 1, 12);

function counts(requests: number, errors = 0): Counts {
  return { requests, byShare: requests, refused: 0, errors };
}

function slot(seconds: number, requests: number, errors = 0): Slot {
  return { startMs: NOON + seconds * 1000, ...counts(requests, errors) };
}

test('what was counted between two looks belongs to the five seconds of the second look', () => {
  const history = trafficHistory();

  history.record('web-1', NOON, counts(10));
  history.record('web-1', NOON + 2_000, counts(13, 1));
  history.record('web-1', NOON + 5_000, counts(13, 1));
  history.record('web-1', NOON + 11_000, counts(20, 3));

  expect(history.slots('web-1')).toEqual([slot(0, 13, 1), slot(10, 7, 2)]);
});

test('a revision that was made anew counts from nothing', () => {
  const history = trafficHistory();
  history.record('web-1', NOON, counts(100, 50));

  history.record('web-1', NOON + 5_000, counts(3));

  expect(history.slots('web-1').at(-1)).toEqual(slot(5, 3));
});

test('what is older than fifteen minutes is gone', () => {
  const history = trafficHistory();
  history.record('web-1', NOON, counts(1));

  history.record('web-1', NOON + KEPT_MS, counts(1));

  expect(history.slots('web-1')).toEqual([]);
});

test('a revision that is forgotten leaves nothing behind', () => {
  const history = trafficHistory();
  history.record('web-1', NOON, counts(1));

  history.forget('web-1');

  expect([history.revisions(), history.slots('web-1')]).toEqual([[], []]);
});

test('a minute counts what came in it', () => {
  const slots = [slot(0, 5), slot(60, 7, 1), slot(110, 1)];

  expect(countsSince(slots, NOON + 115_000, 60_000)).toEqual(counts(8, 1));
});

test('bars stand at whole multiples of their length and leave no gap', () => {
  const slots = [slot(0, 5), slot(10, 2), slot(35, 7, 1)];

  const bars = barsOf(slots, { nowMs: NOON + 44_000, bars: 4, barMs: 15_000 });

  expect(bars).toEqual([slot(-15, 0), slot(0, 7), slot(15, 0), slot(30, 7, 1)]);
});

test.each([
  ['no error at all', [slot(0, 5)], 10, undefined],
  ['one error', [slot(0, 5), slot(5, 5, 1)], 10, { since: 5, last: 5 }],
  [
    'errors with short pauses',
    [slot(0, 1, 1), slot(50, 1, 1), slot(100, 1, 1)],
    110,
    { since: 0, last: 100 },
  ],
  [
    'errors after a quiet minute',
    [slot(0, 1, 1), slot(70, 1, 1), slot(80, 1, 1)],
    90,
    { since: 70, last: 80 },
  ],
  ['errors that are over', [slot(0, 1, 1), slot(5, 9)], 90, undefined],
])('%s: the spell of errors is told from its begin', (_, slots, nowSeconds, expected) => {
  const spell = errorSpell(slots, NOON + nowSeconds * 1000);

  expect(spell).toEqual(
    expected && { sinceMs: NOON + expected.since * 1000, lastMs: NOON + expected.last * 1000 },
  );
});
