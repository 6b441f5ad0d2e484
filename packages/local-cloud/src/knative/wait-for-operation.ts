import { getOperation, type Operation } from '../control/operations.ts';
import type { Cloud } from '../http/cloud.ts';

interface Call extends Cloud {
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** The operation when it is done, or as it is when the time is up. */
export async function waitForOperation(call: Call, name: string, seconds: number): Promise<Operation> {
  const expired = new AbortController();
  const answered = new AbortController();
  const signal = AbortSignal.any([expired.signal, call.signal]);
  const timer = call.clock.sleep(seconds * 1000, answered.signal).then(
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
