import { type Clock, type Log, withRetry } from '@fairlead/action-kit';

import { type BlobCalls, blobCalls } from './blob-calls.ts';
import type { CredentialsFor } from './credentials.ts';
import { type ManifestCalls, manifestCalls } from './manifest-calls.ts';
import { mayGoAway } from './registry-failure.ts';
import { transport } from './transport.ts';

export interface RegistryClientOptions {
  readonly credentialsFor: CredentialsFor;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal;
}

/**
 * One client for all registries, over plain http on this machine and https elsewhere. All calls are safe to repeat and are: on 408, 429, 5xx
 * and lost connections, a few times. Every failure is a RegistryFailure, or says that bytes are not what their digest says.
 */
export type RegistryClient = BlobCalls & ManifestCalls;

/** Making a client touches neither network nor credentials. */
export function registryClient(options: RegistryClientOptions): RegistryClient {
  const send = transport(options);
  const retried = <T>(what: string, attempt: () => Promise<T>) =>
    withRetry(attempt, { ...options, what, retryable: mayGoAway });
  const line = { send, retried };
  return { ...blobCalls(line), ...manifestCalls(line) };
}
