import { forgetOperations } from '../control/operations.ts';
import type { Cloud } from './cloud.ts';
import type { Fault } from './faults.ts';

/**
 * What a call is answered under a fault, over REST and gRPC alike; undefined when the connection is to break instead. `refuse` makes the
 * answer of a fault that says its own.
 */
export async function underFault<T>(
  { clock, world }: Pick<Cloud, 'clock' | 'world'>,
  fault: Fault | undefined,
  { apply, refuse }: { readonly apply: () => Promise<T>; readonly refuse: (fault: Fault) => T },
): Promise<T | undefined> {
  if (fault?.effect === 'fail-before') return undefined;
  if (fault?.effect === 'status' || fault?.effect === 'rate-limit') return refuse(fault);
  if (fault?.effect === 'delay') await clock.sleep(fault.delayMs ?? 0);
  if (fault?.effect === 'restart') forgetOperations(world);
  const reply = await apply();
  if (fault?.effect === 'drop-reply') return undefined;
  return fault?.effect === 'apply-then-503' ? refuse(fault) : reply;
}
