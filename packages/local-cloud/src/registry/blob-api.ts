import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import { answer, type Exchange } from './exchange.ts';
import { RegistryError } from './registry-error.ts';

/** A blob, or the part of it that a single range names. */
export async function readBlob(exchange: Exchange, name: string, digest: string): Promise<void> {
  const { registry, request, response } = exchange;
  const size = await existingSize(exchange, name, digest);
  const range = rangeOf(request.headers.range, size);
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const headers = {
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
    etag: `"${digest}"`,
    'content-length': end - start + 1,
    ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }),
  };
  const status = range === undefined ? 200 : 206;
  if (request.method === 'HEAD' || size === 0) {
    answer(exchange, { status, headers });
    return;
  }
  response.writeHead(status, { 'docker-distribution-api-version': 'registry/2.0', ...headers });
  await pipeline(createReadStream(registry.store.blobPath(digest), { start, end }), response);
}

/** Removes the blob from its repository; other repositories keep theirs. */
export async function deleteBlob(exchange: Exchange, name: string, digest: string): Promise<void> {
  await existingSize(exchange, name, digest);
  await exchange.registry.store.unlinkBlob(name, digest);
  answer(exchange, { status: 202 });
}

async function existingSize({ registry }: Exchange, name: string, digest: string): Promise<number> {
  const size = await registry.store.blobSize(name, digest);
  if (size !== undefined) return size;
  throw new RegistryError({ status: 404, code: 'BLOB_UNKNOWN', message: `blob ${digest} is not in ${name}` });
}

/** Undefined for no range and for forms that may be ignored (several ranges, other units). */
function rangeOf(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (start <= end) return { start, end };
  const refusal = {
    status: 416,
    code: 'SIZE_INVALID',
    message: `no byte of ${size} is in range "${header ?? ''}"`,
  } as const;
  throw new RegistryError(refusal, { 'content-range': `bytes */${size}` });
}
