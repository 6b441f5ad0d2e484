import { expect, test } from '@jest/globals';

import { RestartPause } from './restart-pause.ts';

test.each<[string, readonly number[], number]>([
  ['nothing has ended', [], 1_000],
  ['one instance has ended', [500], 1_000],
  ['one after the other has ended at once', [0, 0, 0, 0], 8_000],
  ['it has gone on for long', Array.from({ length: 50 }, () => 0), 60_000],
  ['the last one was up for more than a minute', [0, 0, 0, 61_000], 1_000],
])('when %s, the next start waits as long as that asks for', (_case, upMs, pauseMs) => {
  const pause = new RestartPause();

  upMs.forEach((ms) => {
    pause.died(ms);
  });

  expect(pause.ms).toBe(pauseMs);
});
