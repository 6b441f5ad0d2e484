import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Store } from './store.ts';
import type { Uploads } from './uploads.ts';

/** What a handler works on. */
export interface Registry {
  readonly store: Store;
  readonly uploads: Uploads;
  /** Whether a tag stays with the digest that it got first. */
  readonly immutableTags: boolean;
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
