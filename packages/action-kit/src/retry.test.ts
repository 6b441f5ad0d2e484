import { describe, expect, test } from '@jest/globals';

import { recordingContext, turnableClock, withRetry } from './index.ts';

describe('withRetry', () => {
  test('waits twice as long each time and says the attempt', async () => {
    const clock = turnableClock();
    const { log, logged } = recordingContext();
    const attempt = failing(2);

    const result = await withRetry(attempt, { clock, log, what: 'get service agent', retryable: () => true });

    expect(result).toBe('done');
    expect(clock.slept).toEqual([500, 1000]);
    expect(logged.map(({ message }) => message)).toEqual([
      'get service agent: attempt 1 of 5 failed (no answer); trying again in 500 ms',
      'get service agent: attempt 2 of 5 failed (no answer); trying again in 1000 ms',
    ]);
  });

  test('waits as long as the server asks', async () => {
    const clock = turnableClock();

    await withRetry(failing(1), { clock, what: 'x', retryable: () => ({ afterMs: 7000 }) });

    expect(clock.slept).toEqual([7000]);
  });

  test('gives up with the last failure when the attempts are used up', async () => {
    const clock = turnableClock();

    const result = withRetry(failing(9), { clock, what: 'x', attempts: 3, retryable: () => true });

    await expect(result).rejects.toThrow('no answer');
    expect(clock.slept).toHaveLength(2);
  });

  test('does not repeat what is not retryable', async () => {
    const clock = turnableClock();

    await expect(withRetry(failing(1), { clock, what: 'x', retryable: () => false })).rejects.toThrow(
      'no answer',
    );
    expect(clock.slept).toEqual([]);
  });
});

function failing(times: number): () => Promise<string> {
  let left = times;
  return () => {
    left -= 1;
    return left < 0 ? Promise.resolve('done') : Promise.reject(new Error('no answer'));
  };
}
