import type { RawHeaders } from '../requests/caller.ts';
import { traceHeaders } from '../requests/trace.ts';
import type { Exchange } from './exchange.ts';

/** How an attempt failed before any of the answer was there. */
export interface Broken {
  readonly error: Error;
  readonly isRefused: boolean;
  /** The connection had served requests before: the server may have closed it as it idled, which says nothing of the instance. */
  readonly wasReused: boolean;
}

export interface Attempt {
  /** Headers that the answer gets beside its own. */
  readonly added: RawHeaders;
  readonly isFirst: boolean;
}

export type Handed = Pick<Exchange, 'caller' | 'isPrivate' | 'trace'>;

/** The request's headers as Cloud Run hands them on: with where the request comes from, without the proof of who sent it. */
export function forwardedHeaders({ caller, isPrivate, trace }: Handed): string[] {
  const kept: string[] = [];
  const { headers } = caller;
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') continue;
    if (name.length > 10 && ourOwn.has(name.toLowerCase())) continue;
    const value = headers[at + 1] ?? '';
    kept.push(name, isPrivate && isProof(name) ? unsigned(value) : value);
  }
  const before = caller.header('x-forwarded-for');
  kept.push('X-Forwarded-For', before === undefined ? caller.address : `${before}, ${caller.address}`);
  kept.push('X-Forwarded-Proto', 'http', ...traceHeaders(trace));
  return kept;
}

const ourOwn = new Set(['x-forwarded-for', 'x-forwarded-proto', 'x-cloud-trace-context', 'traceparent']);

function isProof(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === 'authorization' || lower === 'x-serverless-authorization';
}

function unsigned(token: string): string {
  return token.replace(/(\.[^.\s]*\.)[^.\s]+$/, '$1SIGNATURE_REMOVED_BY_GOOGLE');
}
