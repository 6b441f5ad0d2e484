import { isNotFound } from '@fairlead/google';
import type { Api } from './api.ts';
import { type Operation, operationOf } from './operation.ts';
import { wireOf } from './wire.ts';

export type Waited =
  | { readonly kind: 'done'; readonly operation: Operation }
  /** The server no longer knows the operation: read the resource instead. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'expired'; readonly afterMs: number };

/** The API holds one wait open for at most this long. */
const SLICE_MS = 30_000;

/** Waits by long polls, so that the end is seen within a round trip of it, until the deadline has passed. */
export async function waitOperation(api: Api, operation: Operation, deadlineMs: number): Promise<Waited> {
  const start = api.clock.now();
  for (let seen = operation; ;) {
    if (seen.done) return { kind: 'done', operation: seen };
    const leftMs = start + deadlineMs - api.clock.now();
    if (leftMs <= 0) return { kind: 'expired', afterMs: api.clock.now() - start };
    const next = await waitSlice(api, seen.name, Math.min(leftMs, SLICE_MS));
    if (next === undefined) return { kind: 'lost' };
    seen = next;
  }
}

async function waitSlice({ google }: Api, name: string, ms: number): Promise<Operation | undefined> {
  const what = `wait for operation ${name}`;
  try {
    const answer = await google.request({
      method: 'POST',
      path: `/v2/${name}:wait`,
      what,
      body: { timeout: `${Math.max(1, Math.ceil(ms / 1000))}s` },
      safe: true,
      timeoutMs: ms + 15_000,
    });
    return operationOf(wireOf(answer, what));
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}
