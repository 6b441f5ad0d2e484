import { describe, expect, test } from '@jest/globals';

import { poll, turnableClock } from './index.ts';

describe('poll', () => {
  test('returns what the look found', async () => {
    let looks = 0;

    const polled = await poll(
      () => Promise.resolve(++looks < 3 ? { kind: 'again' } : { kind: 'done', value: looks }),
      { clock: turnableClock(), intervalMs: 1000, deadlineMs: 60_000 },
    );

    expect(polled).toEqual({ kind: 'done', value: 3 });
  });

  test('looks a last time at the deadline and never sleeps past it', async () => {
    const clock = turnableClock();

    const polled = await poll(() => Promise.resolve({ kind: 'again' }), {
      clock,
      intervalMs: 4000,
      deadlineMs: 10_000,
    });

    expect(polled).toEqual({ kind: 'expired', afterMs: 10_000 });
    expect(clock.slept).toEqual([4000, 4000, 2000]);
  });

  test('ends with the reason of a cancelled job', async () => {
    const signal = AbortSignal.abort(new Error('the job was cancelled'));

    const polled = poll(() => Promise.resolve({ kind: 'again' }), {
      clock: turnableClock(),
      intervalMs: 1,
      deadlineMs: 10,
      signal,
    });

    await expect(polled).rejects.toThrow('the job was cancelled');
  });
});
