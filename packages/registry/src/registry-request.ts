import type { Log } from '@fairlead/action-kit';
import type { Place } from '@fairlead/images';

import type { CredentialsFor } from './credentials.ts';

export interface RegistryRequest {
  readonly registry: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** Below the registry, or an address that the registry itself gave. */
  readonly path: string;
  /** For messages: `push web:main-abc1234`. */
  readonly what: string;
  /** Rights that are asked for, such as `repository:acme/web:pull,push`. */
  readonly scopes: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes, or a file that is read anew for each try. */
  readonly body?: Uint8Array | { readonly file: string };
  /** Statuses besides 2xx that are an answer and no failure. */
  readonly allowed?: readonly number[];
}

/** One request with its authorization; throws a RegistryFailure for a refusal. Nothing is tried twice but for a token. */
export type Send = (request: RegistryRequest) => Promise<Response>;

export interface TransportOptions {
  readonly credentialsFor: CredentialsFor;
  readonly log: Log;
  readonly signal?: AbortSignal;
}

/** How the calls of a client reach a registry. */
export interface Line {
  readonly send: Send;
  /** Tries again what may go away by itself. */
  readonly retried: <T>(what: string, attempt: () => Promise<T>) => Promise<T>;
}

type Asked = Omit<RegistryRequest, 'method' | 'path'>;

export function reading({ registry, repository }: Place, what: string): Asked {
  return { registry, scopes: [`repository:${repository}:pull`], what };
}

export function writing({ registry, repository }: Place, what: string): Asked {
  return { registry, scopes: [`repository:${repository}:pull,push`], what };
}
