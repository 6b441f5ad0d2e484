import { isLoopbackRegistry } from '@fairlead/images';

import { authorizer } from './authorizer.ts';
import { isRecord, parsedRecord, textOf } from './json.ts';
import { RegistryFailure, unanswered } from './registry-failure.ts';
import type { RegistryRequest, Send, TransportOptions } from './registry-request.ts';

/** Sends requests with what opens each registry. */
export function transport(options: TransportOptions): Send {
  const { authorization, renewed } = authorizer(options);
  return async (request) => {
    const first = await exchange(request, await authorization(request), options);
    if (first.status !== 401) return judged(request, first);
    const header = await renewed(request, first.headers.get('www-authenticate') ?? '');
    if (header === undefined) return judged(request, first);
    await first.body?.cancel();
    return judged(request, await exchange(request, header, options));
  };
}

/** The registry's origin: plain http on this machine, https everywhere else. */
export function originOf(registry: string): string {
  // The host of Docker's hub is another than its name.
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  return `${isLoopbackRegistry(host) ? 'http' : 'https'}://${host}`;
}

async function exchange(
  request: RegistryRequest,
  authorization: string | undefined,
  { log, signal }: TransportOptions,
): Promise<Response> {
  const origin = originOf(request.registry);
  const url = new URL(request.path, origin);
  log.debug(`${request.method} ${url.origin}${url.pathname}`);
  try {
    return await fetch(url, {
      method: request.method,
      headers: {
        'user-agent': 'fairlead',
        ...request.headers,
        // An upload may lie elsewhere, and what opens the registry is not for that place.
        ...(authorization === undefined || url.origin !== origin ? {} : { authorization }),
      },
      ...(request.body === undefined ? {} : { body: request.body }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (thrown) {
    if (signal?.aborted) throw signal.reason;
    throw unanswered(request, thrown);
  }
}

async function judged(request: RegistryRequest, response: Response): Promise<Response> {
  if (response.ok || request.allowed?.includes(response.status)) return response;
  const { registry, what } = request;
  const first = firstErrorOf(await response.text().catch(() => ''));
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  throw new RegistryFailure({
    registry,
    what,
    status: response.status,
    code: first.code,
    said: first.message,
    ...(Number.isFinite(retryAfter) ? { retryAfterMs: retryAfter * 1000 } : {}),
  });
}

function firstErrorOf(text: string): { readonly code: string; readonly message: string } {
  const errors = parsedRecord(text)?.['errors'];
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  if (!isRecord(first)) return { code: '', message: text.trim().slice(0, 200) };
  return { code: textOf(first['code']) ?? '', message: textOf(first['message']) ?? '' };
}
