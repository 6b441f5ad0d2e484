import type { Clock } from '@fairlead/action-kit';

/**
 * For tests: a clock that stands until it is advanced, which ends the sleeps whose time has come. Sleeps of less than a second, such as probes
 * have between two tries, take no time.
 */
export interface TestClock extends Clock {
  /** Resolves when what was woken has had its turn. */
  readonly advance: (ms: number) => Promise<void>;
  /** Resolves when somebody sleeps for just that long, which may be now. */
  readonly asleep: (ms: number) => Promise<void>;
}

export function testClock(startMs = Date.UTC(2026, 0, 1)): TestClock {
  let time = startMs;
  const sleepers = new Set<{ readonly ms: number; readonly wakeMs: number; readonly wake: () => void }>();
  const watchers = new Set<() => void>();
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (ms < 1000) {
          setImmediate(resolve);
          return;
        }
        const sleeper = { ms, wakeMs: time + ms, wake: resolve };
        sleepers.add(sleeper);
        for (const look of watchers) look();
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason as Error);
        });
      }),
    asleep: (ms) =>
      new Promise((resolve) => {
        const look = () => {
          if (![...sleepers].some((sleeper) => sleeper.ms === ms)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
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
