import { expect, test } from '@jest/globals';

import { journal } from './journal.ts';

const line = (text: string, timeMs = 1_000) => ({ timeMs, stream: 'stdout' as const, text });
const textsOf = (kept: ReturnType<typeof journal>) => kept.entries().map(({ line: { text } }) => text);

test('lines of one millisecond, and of a clock that went back, have times in the order in which they came', () => {
  const kept = journal();

  kept.append('a', line('1', 1_000));
  kept.append('a', line('2', 1_000));
  kept.append('b', line('3', 900));
  kept.append('b', line('4', 1_002));

  expect(kept.entries().map(({ micros }) => micros)).toEqual([1_000_000, 1_000_001, 1_000_002, 1_002_000]);
});

test('the oldest lines go first when there are too many', () => {
  const kept = journal({ entries: 3, bytes: 1_000 });

  ['1', '2', '3', '4', '5', '6', '7', '8'].forEach((text) => {
    kept.append('a', line(text));
  });

  expect(textsOf(kept)).toEqual(['6', '7', '8']);
});

test('and when they are too long', () => {
  const kept = journal({ entries: 100, bytes: 10 });

  ['1234', '5678', '90ab'].forEach((text) => {
    kept.append('a', line(text));
  });

  expect(textsOf(kept)).toEqual(['5678', '90ab']);
});
