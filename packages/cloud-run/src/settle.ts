import { poll } from '@fairlead/action-kit';
import { isOutcomeUnknown } from '@fairlead/google';
import type { Api } from './api.ts';
import type { ServiceName } from './names.ts';
import { type Service, serviceOf } from './service.ts';
import { getService, type Written } from './services.ts';
import { waitOperation } from './wait-operation.ts';

/** How a write to a service ended. */
export type Settled =
  | { readonly kind: 'settled'; readonly service: Service }
  | { readonly kind: 'failed'; readonly service: Service | undefined; readonly message: string }
  | { readonly kind: 'expired'; readonly afterMs: number };

/** Waits until the server has done what it took; reads the service when it no longer knows the operation. */
export async function settle(
  api: Api,
  name: ServiceName,
  { written, deadlineMs }: { readonly written: Written; readonly deadlineMs: number },
): Promise<Settled> {
  if (written.kind === 'landed') return settleByReading(api, name, deadlineMs);
  const start = api.clock.now();
  const waited = await waitedFor(api, written.operation, deadlineMs);
  if (waited.kind === 'expired') return waited;
  if (waited.kind === 'lost') return settleByReading(api, name, deadlineMs - (api.clock.now() - start));
  const { error, response } = waited.operation;
  if (error !== undefined)
    return { kind: 'failed', service: await getService(api, name), message: error.message };
  if (response === undefined) return settleByReading(api, name, deadlineMs);
  return { kind: 'settled', service: serviceOf(response) };
}

// A wait that the server keeps refusing says nothing about the write: the service itself does.
async function waitedFor(...args: Parameters<typeof waitOperation>): ReturnType<typeof waitOperation> {
  try {
    return await waitOperation(...args);
  } catch (thrown) {
    if (isOutcomeUnknown(thrown)) return { kind: 'lost' };
    throw thrown;
  }
}

async function settleByReading(api: Api, name: ServiceName, deadlineMs: number): Promise<Settled> {
  const { clock, signal } = api;
  const look = async () => {
    const service = await getService(api, name);
    const isSettled = service?.reconciling === false && service.observedGeneration === service.generation;
    const isFailed = service?.reconciling === false && service.terminalCondition?.state === 'FAILED';
    return isSettled || isFailed ? { kind: 'done' as const, value: service } : { kind: 'again' as const };
  };
  const polled = await poll(look, { clock, signal, intervalMs: 1000, deadlineMs });
  if (polled.kind === 'expired') return polled;
  const service = polled.value;
  return service.terminalCondition?.state === 'FAILED'
    ? { kind: 'failed', service, message: service.terminalCondition.message ?? 'the API gives no message' }
    : { kind: 'settled', service };
}
