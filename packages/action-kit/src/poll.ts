import type { Clock } from './clock.ts';

export interface PollOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Milliseconds between two looks. */
  readonly intervalMs: number;
  /** Milliseconds after which the wait ends as `expired`. */
  readonly deadlineMs: number;
}

export type Look<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'again' };
export type Polled<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'expired'; readonly afterMs: number };

/** Looks until it is done or the deadline has passed; there is always one look, and a last one at the deadline. */
export async function poll<T>(look: () => Promise<Look<T>>, options: PollOptions): Promise<Polled<T>> {
  const { clock, signal, intervalMs, deadlineMs } = options;
  const start = clock.now();
  for (;;) {
    const seen = await look();
    if (seen.kind === 'done') return seen;
    const leftMs = start + deadlineMs - clock.now();
    if (leftMs <= 0) return { kind: 'expired', afterMs: clock.now() - start };
    await clock.sleep(Math.min(intervalMs, leftMs), signal);
  }
}
