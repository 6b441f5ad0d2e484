import { answer, type Exchange } from './exchange.ts';
import { RegistryError } from './registry-error.ts';
import { checkedDigest, checkedName } from './route.ts';
import type { Upload } from './uploads.ts';

/** Begins an upload; or does it in one request (`digest`), or takes the blob over from another repository (`mount`, `from`). */
export async function beginUpload(exchange: Exchange, name: string): Promise<void> {
  const { registry, request, query } = exchange;
  const mounted = query.get('mount');
  const from = query.get('from');
  if (mounted !== null && from !== null) {
    const digest = checkedDigest(mounted);
    if ((await registry.store.blobSize(checkedName(from), digest)) !== undefined) {
      await registry.store.linkBlob(name, digest);
      created(exchange, name, digest);
      return;
    }
  }
  const digest = query.get('digest');
  if (digest !== null) checkedDigest(digest);
  const upload = await registry.uploads.begin(name);
  if (digest === null) {
    underWay(exchange, upload, 202);
    return;
  }
  await registry.uploads.append(upload, request);
  await registry.uploads.finish(upload, digest);
  created(exchange, name, digest);
}

export function showUpload(exchange: Exchange, name: string, id: string): void {
  underWay(exchange, exchange.registry.uploads.find(name, id), 204);
}

export async function continueUpload(exchange: Exchange, name: string, id: string): Promise<void> {
  const upload = exchange.registry.uploads.find(name, id);
  checkRange(exchange, upload);
  await exchange.registry.uploads.append(upload, exchange.request);
  underWay(exchange, upload, 202);
}

/** Ends an upload; a body that comes with it is its last chunk, or all of it. */
export async function finishUpload(exchange: Exchange, name: string, id: string): Promise<void> {
  const { uploads } = exchange.registry;
  const upload = uploads.find(name, id);
  const digest = checkedDigest(exchange.query.get('digest') ?? '');
  checkRange(exchange, upload);
  await uploads.append(upload, exchange.request);
  await uploads.finish(upload, digest);
  created(exchange, name, digest);
}

export async function cancelUpload(exchange: Exchange, name: string, id: string): Promise<void> {
  const { uploads } = exchange.registry;
  await uploads.cancel(uploads.find(name, id));
  answer(exchange, { status: 204 });
}

/** A chunk that names its range must begin where the last one ended, and be as long as it says. */
function checkRange({ request }: Exchange, upload: Upload): void {
  const range = request.headers['content-range'];
  if (range === undefined) return;
  const [, start, end] = /^(?:bytes[ =])?(\d+)-(\d+)(?:\/(?:\d+|\*))?$/.exec(range) ?? [];
  const length = request.headers['content-length'];
  const isWhole = length === undefined || Number(length) === Number(end) - Number(start) + 1;
  if (Number(start) === upload.bytes && isWhole) return;
  const message = `expected a chunk that begins at byte ${upload.bytes}, got range "${range}" with ${length ?? 'unknown'} bytes`;
  throw new RegistryError({ status: 416, code: 'BLOB_UPLOAD_INVALID', message }, progressOf(upload));
}

function underWay(exchange: Exchange, upload: Upload, status: 202 | 204): void {
  answer(exchange, { status, headers: progressOf(upload) });
}

function progressOf({ name, id, bytes }: Upload): Record<string, string> {
  return {
    location: `/v2/${name}/blobs/uploads/${id}`,
    range: `0-${Math.max(0, bytes - 1)}`,
    'docker-upload-uuid': id,
  };
}

function created(exchange: Exchange, name: string, digest: string): void {
  const headers = { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest };
  answer(exchange, { status: 201, headers });
}
