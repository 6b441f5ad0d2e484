import { forgetOperations } from '../control/operations.ts';
import { type FaultAnswer, faultAnswer, type RefusedCall } from '../faults/fault-answer.ts';
import type { Cloud } from './cloud.ts';
import type { Fault } from './faults.ts';

export interface FaultedCall<T> {
  readonly call: RefusedCall;
  readonly apply: () => Promise<T>;
  /** Puts what a fault answers into the form of the surface that the call came by. */
  readonly refuse: (answer: FaultAnswer) => T;
}

/** What a call is answered under a fault, over REST and gRPC alike; undefined when the connection is to break instead. */
export async function underFault<T>(
  { world, clock }: Pick<Cloud, 'world' | 'clock'>,
  fault: Fault | undefined,
  { call, apply, refuse }: FaultedCall<T>,
): Promise<T | undefined> {
  if (fault?.effect === 'fail-before') return undefined;
  if (fault?.effect === 'status' || fault?.effect === 'rate-limit') return refuse(faultAnswer(fault, call));
  if (fault?.effect === 'delay') await clock.sleep(fault.delayMs ?? 0);
  if (fault?.effect === 'restart') forgetOperations(world);
  const reply = await apply();
  if (fault?.effect === 'drop-reply') return undefined;
  return fault?.effect === 'apply-then-503' ? refuse(faultAnswer(fault, call)) : reply;
}
