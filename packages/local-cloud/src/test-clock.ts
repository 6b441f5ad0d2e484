import type { Clock } from '@fairlead/action-kit';

/**
 * For tests: a clock that stands until it is advanced, which ends the sleeps whose time has come. Sleeps of less than a second, such as probes
 * have between two tries, take no time.
 */
export interface TestClock extends Clock {
  /** Resolves when what was woken has had its turn. */
  readonly advance: (ms: number) => Promise<void>;
}

export function testClock(startMs = Date.UTC(2026, 0, 1)): TestClock {
  let time = startMs;
  const sleepers = new Set<{ readonly wakeMs: number; readonly wake: () => void }>();
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (ms < 1000) {
          setImmediate(resolve);
          return;
        }
        const sleeper = { wakeMs: time + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason as Error);
        });
      }),
    advance: async (ms) => {
      time += ms;
      for (const sleeper of [...sleepers].filter(({ wakeMs }) => wakeMs <= time)) {
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
