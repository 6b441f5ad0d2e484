import type { ProbeAnswer } from '@fairlead/health';

/** How requests are sent: none follows a redirect, because that is no answer of the candidate. */
export interface Asking {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  readonly identityToken: string | undefined;
}

export interface Question {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly body?: string;
}

const TIMEOUT_MS = 10_000;
const BODY_LIMIT = 1024 * 1024;

/** One request; what goes wrong on the way is part of the answer. Rejects only when the job is cancelled. */
export async function ask({ url, method = 'GET', body }: Question, asking: Asking): Promise<ProbeAnswer> {
  try {
    const response = await asking.fetch(url, {
      method,
      redirect: 'manual',
      headers: headersOf(body, asking.identityToken),
      signal: AbortSignal.any([asking.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      ...(body === undefined ? {} : { body }),
    });
    const revision = response.headers.get('x-revision') ?? '';
    return {
      kind: 'answered',
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: (await response.text()).slice(0, BODY_LIMIT),
      ...(revision === '' ? {} : { revision }),
    };
  } catch (thrown) {
    asking.signal.throwIfAborted();
    return { kind: 'unreachable', because: `unreachable: ${causeOf(thrown, new URL(url).host)}` };
  }
}

function headersOf(body: string | undefined, identityToken: string | undefined): Record<string, string> {
  return {
    accept: 'application/json, */*;q=0.5',
    'user-agent': 'fairlead-health-gate',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(identityToken === undefined ? {} : { authorization: `Bearer ${identityToken}` }),
  };
}

// Read by shape: an error of another realm, as under a test runner, is no instance of this one's Error.
function causeOf(thrown: unknown, host: string): string {
  const { name, code, message, cause } = (thrown ?? {}) as Readonly<Record<string, unknown>>;
  if (name === 'TimeoutError') return `${host} gave no answer within ${TIMEOUT_MS / 1000} s`;
  if (code === 'ECONNREFUSED') return `nobody listens at ${host} (ECONNREFUSED)`;
  if (code === 'ENOTFOUND') return `the host name ${host} is not known (ENOTFOUND)`;
  if (cause !== undefined) return causeOf(cause, host);
  return `${typeof message === 'string' ? message : String(thrown)} (${host})`;
}
