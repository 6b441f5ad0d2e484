import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';

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
  const { length, ...body } = await bodyOf(request);
  log.debug(`${request.method} ${url.origin}${url.pathname}`);
  try {
    return await fetch(url, {
      method: request.method,
      headers: {
        'user-agent': 'fairlead',
        ...request.headers,
        ...(length === undefined ? {} : { 'content-length': String(length) }),
        // An upload may lie elsewhere, and what opens the registry is not for that place.
        ...(authorization === undefined || url.origin !== origin ? {} : { authorization }),
      },
      ...body,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (thrown) {
    if (signal?.aborted) throw signal.reason;
    throw unanswered(request, thrown);
  }
}

// A file is streamed, with its length said. Where a redirect could follow, fetch keeps a copy of all that it sends in memory, and so
// does a Blob of a file: 640 MB instead of 180 for a layer of 500 MB.
async function bodyOf({ body }: RegistryRequest): Promise<RequestInit & { readonly length?: number }> {
  if (body === undefined) return {};
  if (body instanceof Uint8Array) return { body: new Uint8Array(body) };
  const { size } = await stat(body.file);
  return {
    body: Readable.toWeb(createReadStream(body.file)),
    duplex: 'half',
    redirect: 'error',
    window: null,
    length: size,
  };
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
