import { type Clock, type Environment, type Log, withRetry } from '@fairlead/action-kit';
import { tokenSource } from './credentials.ts';
import { type Api, type Endpoint, endpointOf } from './endpoint.ts';
import { errorFactsOf, GoogleError, isOutcomeUnknown, isTransient } from './google-error.ts';

export interface GoogleClientOptions {
  readonly api: Api;
  readonly log: Log;
  readonly clock: Clock;
  /** Ends what is under way, and its retries. */
  readonly signal?: AbortSignal;
}

export interface GoogleRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** Path below the endpoint, with the query, beginning with a slash. */
  readonly path: string;
  /** What is asked for, for messages: `get service agent`. */
  readonly what: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly content?: { readonly type: string; readonly bytes: Uint8Array };
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Whether doing it twice is the same as doing it once; unless told, true for GET and HEAD alone. Only safe requests
   * are repeated when the outcome is unknown; a refusal that is certain (429, connection refused) is always retried.
   */
  readonly safe?: boolean;
  /** Milliseconds until the answer counts as lost; 60 s unless told. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface GoogleAnswer {
  readonly httpStatus: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

export interface GoogleClient {
  readonly endpoint: Endpoint;
  /** The parsed JSON of the answer, `undefined` for an empty one. Throws a GoogleError unless the status is 2xx. */
  readonly request: (request: GoogleRequest) => Promise<unknown>;
  /** The same with the answer as it came. */
  readonly exchange: (request: GoogleRequest) => Promise<GoogleAnswer>;
  /** A bearer token; `undefined` when the endpoint is on this machine, where none is needed. */
  readonly accessToken: () => Promise<string | undefined>;
}

/** A client of one API. Making it reads the override of its endpoint and touches neither network nor credentials. */
export function googleClient(env: Environment, options: GoogleClientOptions): GoogleClient {
  const endpoint = endpointOf(env, options.api);
  const token = tokenSource(env, options.log);
  const accessToken = () => (endpoint.isLoopback ? Promise.resolve(undefined) : token());
  const exchange = async (request: GoogleRequest) =>
    retried(request, options, async () =>
      send(endpoint, request, { ...options, token: await accessToken() }),
    );
  return {
    endpoint,
    accessToken,
    exchange,
    request: async (request) => parsedAnswer(request, await exchange(request)),
  };
}

async function retried<T>(
  request: GoogleRequest,
  { clock, log, signal }: GoogleClientOptions,
  attempt: () => Promise<T>,
): Promise<T> {
  const isSafe = request.safe ?? (request.method === 'GET' || request.method === 'HEAD');
  const stop = request.signal ?? signal;
  return withRetry(attempt, {
    clock,
    log,
    what: request.what,
    ...(stop === undefined ? {} : { signal: stop }),
    retryable: (thrown) => {
      if (!isTransient(thrown) || (!isSafe && isOutcomeUnknown(thrown))) return false;
      return thrown.retryAfterMs === undefined ? true : { afterMs: Math.min(thrown.retryAfterMs, 60_000) };
    },
  });
}

interface Sending {
  readonly log: Log;
  readonly signal?: AbortSignal;
  readonly token: string | undefined;
}

async function send(endpoint: Endpoint, request: GoogleRequest, sending: Sending): Promise<GoogleAnswer> {
  sending.log.debug(`${request.method} ${endpoint.origin}${request.path}`);
  const answer = await answerOf(endpoint, request, sending);
  if (answer.httpStatus >= 200 && answer.httpStatus < 300) return answer;
  const text = new TextDecoder().decode(answer.bytes);
  const retryAfter = answer.headers.get('retry-after') ?? undefined;
  throw new GoogleError(request.what, errorFactsOf(answer.httpStatus, text, retryAfter));
}

async function answerOf(
  endpoint: Endpoint,
  request: GoogleRequest,
  { signal, token }: Sending,
): Promise<GoogleAnswer> {
  const stop = request.signal ?? signal;
  const timeout = AbortSignal.timeout(request.timeoutMs ?? 60_000);
  try {
    const response = await fetch(`${endpoint.origin}${request.path}`, {
      method: request.method,
      headers: headersOf(request, token),
      redirect: 'error',
      signal: stop === undefined ? timeout : AbortSignal.any([stop, timeout]),
      ...bodyOf(request),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { httpStatus: response.status, headers: response.headers, bytes };
  } catch (thrown) {
    if (stop?.aborted) throw stop.reason;
    throw noAnswer(endpoint, request, thrown);
  }
}

function headersOf(request: GoogleRequest, token: string | undefined): Record<string, string> {
  return {
    accept: 'application/json',
    'user-agent': 'fairlead',
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(request.content === undefined ? {} : { 'content-type': request.content.type }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...request.headers,
  };
}

function bodyOf(request: GoogleRequest): { body?: string | Uint8Array<ArrayBuffer> } {
  if (request.content !== undefined) return { body: new Uint8Array(request.content.bytes) };
  return request.body === undefined ? {} : { body: JSON.stringify(request.body) };
}

function noAnswer({ origin }: Endpoint, request: GoogleRequest, thrown: unknown): GoogleError {
  const code = codeOf(thrown);
  const isRefused = code === 'ECONNREFUSED' || code === 'ENOTFOUND';
  const said = isRefused
    ? `nothing answers at ${origin} (${code})`
    : `the connection to ${origin} ended before an answer came (${code})`;
  return new GoogleError(request.what, {
    httpStatus: 0,
    status: isRefused ? 'CONNECTION_REFUSED' : 'CONNECTION_LOST',
    said,
    details: [],
    reason: undefined,
    retryAfterMs: undefined,
  });
}

// Errors of fetch wrap the one that says what happened; they are told by their shape, which holds in every realm.
function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  if ('cause' in thrown && thrown.cause !== undefined) return codeOf(thrown.cause);
  return 'message' in thrown ? String(thrown.message) : 'no reason given';
}

function parsedAnswer(request: GoogleRequest, { httpStatus, bytes }: GoogleAnswer): unknown {
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new GoogleError(
      request.what,
      { ...errorFactsOf(httpStatus, text, undefined), said: `expected JSON, got "${text.slice(0, 80)}"` },
      cause,
    );
  }
}
