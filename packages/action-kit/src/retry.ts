import type { Clock } from './clock.ts';
import { messageOf } from './failure.ts';
import type { Log } from './log.ts';

export interface RetryOptions {
  readonly clock: Clock;
  readonly log?: Pick<Log, 'warning'>;
  readonly signal?: AbortSignal;
  /** What is tried, for the log: "get service agent". */
  readonly what: string;
  /** Tries in all, the first included; 5 unless told. */
  readonly attempts?: number;
  /** Wait before the second try, doubled each time up to `maxDelayMs`; 500 ms and 10 s unless told. */
  readonly delayMs?: number;
  readonly maxDelayMs?: number;
  /** Whether this failure may go away, and after how long if the server said so. */
  readonly retryable: (thrown: unknown) => boolean | { readonly afterMs: number };
}

/** Calls `attempt` until it returns, its failure is not retryable, or the attempts are used up. Only for calls that are safe to repeat. */
export async function withRetry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const attempts = options.attempts ?? 5;
  for (let number = 1; ; number += 1) {
    try {
      return await attempt();
    } catch (thrown) {
      const verdict = options.retryable(thrown);
      if (verdict === false || number >= attempts || options.signal?.aborted) throw thrown;
      const waitMs = verdict === true ? backoffMs(number, options) : verdict.afterMs;
      options.log?.warning(
        `${options.what}: attempt ${number} of ${attempts} failed (${messageOf(thrown)}); trying again in ${waitMs} ms`,
      );
      await options.clock.sleep(waitMs, options.signal);
    }
  }
}

function backoffMs(number: number, { delayMs = 500, maxDelayMs = 10_000 }: RetryOptions): number {
  return Math.min(delayMs * 2 ** (number - 1), maxDelayMs);
}
