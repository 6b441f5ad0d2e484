import type { Caller } from '../requests/caller.ts';
import { requestRecord } from '../requests/request-record.ts';
import { traceOf } from '../requests/trace.ts';
import type { Refused } from './choice.ts';

/** Answers a request that is let through to no revision, and logs it if Cloud Run does. */
export function refuse(caller: Caller, { refusal, revision }: Refused): void {
  const { logged: said } = refusal;
  if (said !== undefined)
    caller.onClose(() => {
      revision?.log((timeMs) =>
        requestRecord(caller, { timeMs, latencyMs: 0, trace: traceOf(caller), said }),
      );
    });
  caller.refuse(refusal);
}
