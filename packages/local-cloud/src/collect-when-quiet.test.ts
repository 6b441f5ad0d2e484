import { expect, test } from '@jest/globals';

import { quietCollector } from './collect-when-quiet.ts';

const MIB = 1024 ** 2;

/** A process of 100 MiB of which a collection leaves 90. */
function processOf() {
  const now = { bytes: 100 * MIB, busy: 0, collections: 0 };
  const look = quietCollector({
    busyShare: () => now.busy,
    rssBytes: () => now.bytes,
    collect: () => {
      now.collections += 1;
      now.bytes = 90 * MIB;
    },
  });
  const lookAt = (bytes: number, busy: number) => {
    Object.assign(now, { bytes: bytes * MIB, busy });
    look();
    return now.collections;
  };
  return { lookAt };
}

test('garbage is collected when nothing happens and the process has grown, and then not again before it has grown anew', () => {
  const { lookAt } = processOf();

  expect(lookAt(110, 0)).toBe(0);
  expect(lookAt(120, 0.01)).toBe(1);
  expect(lookAt(105, 0)).toBe(1);
  expect(lookAt(106, 0)).toBe(2);
});

test('nothing is collected under load', () => {
  const { lookAt } = processOf();

  expect(lookAt(500, 0.06)).toBe(0);
  expect(lookAt(500, 0.05)).toBe(1);
});

test('what the process has given back by itself is grown from', () => {
  const { lookAt } = processOf();

  expect(lookAt(70, 1)).toBe(0);
  expect(lookAt(86, 0)).toBe(1);
});
