import type { Fault } from './faults.ts';

/**
 * What a call is answered under a fault, over REST and gRPC alike; undefined when the connection is to break instead. `refuse` makes the
 * answer of a fault that says its own.
 */
export async function underFault<T>(
  fault: Fault | undefined,
  { apply, refuse }: { readonly apply: () => Promise<T>; readonly refuse: (fault: Fault) => T },
): Promise<T | undefined> {
  if (fault?.effect === 'fail-before') return undefined;
  if (fault?.effect === 'status') return refuse(fault);
  const reply = await apply();
  if (fault?.effect === 'drop-reply') return undefined;
  return fault?.effect === 'apply-then-503' ? refuse({ ...fault, status: 503 }) : reply;
}
