import { expect, test } from '@jest/globals';
import { settleAll } from './index.ts';

test('every item is worked on although one fails, and the order stays', async () => {
  const ended = await settleAll([1, 2, 3], 2, (item) =>
    item === 1 ? Promise.reject(new Error('one')) : Promise.resolve(item * 10),
  );

  expect(ended).toEqual([
    { kind: 'failed', item: 1, thrown: new Error('one') },
    { kind: 'done', item: 2, value: 20 },
    { kind: 'done', item: 3, value: 30 },
  ]);
});

test('no more than the limit are worked on at once', async () => {
  let busy = 0;
  let most = 0;

  await settleAll([1, 2, 3, 4, 5], 2, async () => {
    busy += 1;
    most = Math.max(most, busy);
    await new Promise((resolve) => setImmediate(resolve));
    busy -= 1;
  });

  expect(most).toBe(2);
});
