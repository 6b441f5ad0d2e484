import { getOperation, type Operation } from '../control/operations.ts';
import type { CallContext } from './method.ts';

/** A timer cannot be longer than 24 days; nobody waits longer than one. */
const LONGEST_SECONDS = 24 * 3600;

/** The operation when it is done, or as it is when the time is up. */
export async function waitForOperation(call: CallContext, name: string, seconds: number): Promise<Operation> {
  const expired = new AbortController();
  const answered = new AbortController();
  const signal = AbortSignal.any([expired.signal, call.signal]);
  const timer = call.clock.sleep(Math.min(seconds, LONGEST_SECONDS) * 1000, answered.signal).then(
    () => {
      expired.abort();
    },
    () => undefined,
  );
  try {
    for (;;) {
      const operation = getOperation(call.world, name);
      if (operation.done || signal.aborted) return operation;
      await call.performer.change(signal);
    }
  } finally {
    answered.abort(new Error('answered'));
    await timer;
  }
}
