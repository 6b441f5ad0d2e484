import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Store } from './store.ts';
import type { Uploads } from './uploads.ts';

/** What may be pushed, by the name of an image. */
export interface PushPolicy {
  /** Whether a tag stays with the digest that it got first, as Artifact Registry's immutable tags. */
  readonly hasImmutableTags: (image: string) => boolean;
  /** Throws a RegistryError when nothing can be pushed to an image. */
  readonly checkPush: (image: string) => void;
}

/** What a handler works on. */
export interface Registry {
  readonly store: Store;
  readonly uploads: Uploads;
  readonly policy: PushPolicy;
  /** Runs writes to one repository one after another. */
  readonly inTurn: <T>(name: string, write: () => Promise<T>) => Promise<T>;
}

export interface Exchange {
  readonly registry: Registry;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Buffer;
}

/** Ends a response whose body, if any, is short. */
export function answer(
  { request, response }: Pick<Exchange, 'request' | 'response'>,
  { status, headers = {}, body = '' }: Answer,
): void {
  const length =
    status === 204 ? {} : { 'content-length': headers['content-length'] ?? Buffer.byteLength(body) };
  response.writeHead(status, { 'docker-distribution-api-version': 'registry/2.0', ...headers, ...length });
  response.end(request.method === 'HEAD' ? undefined : body);
}
