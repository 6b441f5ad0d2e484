import { randomBytes } from 'node:crypto';

import type { NewObject } from './object-store.ts';
import type { Preconditions } from './preconditions.ts';
import { invalid, StorageError } from './storage-error.ts';

/** Bytes are kept in whole multiples of this until the last are there. */
const UNIT_BYTES = 256 * 1024;

/** An upload in parts: what its first request has said of the object, and the bytes so far. */
export interface ResumableUpload {
  readonly id: string;
  readonly object: Omit<NewObject, 'content'>;
  readonly conditions: Preconditions;
  /** Size that the first request has announced. */
  readonly announced?: number;
  readonly received: Buffer;
}

export interface ResumableUploads {
  readonly begin: (upload: Omit<ResumableUpload, 'id' | 'received'>) => ResumableUpload;
  /** Throws what the real service says of uploads that are not, or not any more. */
  readonly find: (id: string) => ResumableUpload;
  readonly keep: (upload: ResumableUpload) => void;
  readonly end: (id: string, how: 'finished' | 'cancelled') => void;
}

// A client that goes away leaves its upload behind; real ones end after a week.
const MOST_UPLOADS = 1_000;

export function resumableUploads(): ResumableUploads {
  const uploads = new Map<string, ResumableUpload | 'finished' | 'cancelled'>();
  return {
    begin: (begun) => {
      const upload = { ...begun, id: randomBytes(24).toString('base64url'), received: Buffer.alloc(0) };
      uploads.set(upload.id, upload);
      const [oldest] = uploads.keys();
      if (uploads.size > MOST_UPLOADS && oldest !== undefined) uploads.delete(oldest);
      return upload;
    },
    find: (id) => {
      const upload = uploads.get(id);
      if (upload === undefined || upload === 'finished')
        throw new StorageError(404, 'notFound', { message: 'Not Found' });
      if (upload === 'cancelled') throw cancelled();
      return upload;
    },
    keep: (upload) => {
      uploads.set(upload.id, upload);
    },
    end: (id, how) => {
      uploads.set(id, how);
    },
  };
}

export function cancelled(): StorageError {
  return new StorageError(499, 'clientClosedRequest', { message: 'Client Closed Request' });
}

/** What a request says of its bytes; `total` is absent while the client does not know it. `rest` is all that is left, however much that is. */
export type ContentRange =
  | { readonly kind: 'whole' }
  | { readonly kind: 'query'; readonly total?: number }
  | { readonly kind: 'rest'; readonly start: number; readonly total?: number }
  | { readonly kind: 'part'; readonly start: number; readonly end: number; readonly total?: number };

export function readContentRange(header: string | undefined): ContentRange {
  if (header === undefined) return { kind: 'whole' };
  const [, span = '', size = ''] = /^bytes (\*|\d{1,15}-(?:\d{1,15}|\*))\/(\*|\d{1,15})$/.exec(header) ?? [];
  if (span === '') throw invalid(`Failed to parse Content-Range header: "${header}"`);
  const total = size === '*' ? {} : { total: Number(size) };
  if (span === '*') return { kind: 'query', ...total };
  if (span.endsWith('-*')) return { kind: 'rest', start: Number(span.slice(0, -2)), ...total };
  const [start = 0, end = 0] = span.split('-').map(Number);
  if (end < start) throw invalid(`Failed to parse Content-Range header: "${header}"`);
  return { kind: 'part', start, end, ...total };
}

/** What came of a part: all bytes of the object, or those that are kept until the next. */
export type Received =
  | { readonly kind: 'complete'; readonly content: Buffer }
  | { readonly kind: 'partial'; readonly received: Buffer };

/** Puts a part to what is there. Bytes that are there already are skipped; a gap is refused. */
export function receive(upload: ResumableUpload, range: ContentRange, body: Buffer): Received {
  const { received } = upload;
  if (range.kind === 'whole') return completed(upload, Buffer.concat([received.subarray(0, 0), body]));
  const total = range.total ?? upload.announced;
  if (range.kind === 'query')
    return total === received.length ? completed(upload, received) : { kind: 'partial', received };
  if (range.kind === 'part') checkLength(range, body);
  if (range.start > received.length) throw gap(range.start, received.length);
  const all = Buffer.concat([received, body.subarray(received.length - range.start)]);
  if (range.total !== undefined && all.length > range.total)
    throw invalid(
      `Invalid request.  According to the Content-Range header, the final size of the upload is ${range.total} byte(s), but ${all.length} byte(s) were received.`,
    );
  const isEnd = range.kind === 'rest' && (range.total ?? all.length) === all.length;
  if (isEnd || (range.total !== undefined && all.length === range.total)) return completed(upload, all);
  if (range.kind === 'part' && body.length < UNIT_BYTES) throw tooSmall(body.length);
  return { kind: 'partial', received: all.subarray(0, all.length - (all.length % UNIT_BYTES)) };
}

function completed({ announced }: ResumableUpload, content: Buffer): Received {
  if (announced === undefined || announced === content.length) return { kind: 'complete', content };
  throw invalid(
    `Invalid request.  According to the X-Upload-Content-Length header, the upload has ${announced} byte(s), but ${content.length} byte(s) were received.`,
  );
}

function checkLength({ start, end }: Extract<ContentRange, { kind: 'part' }>, body: Buffer): void {
  const expected = end - start + 1;
  if (body.length !== expected)
    throw invalid(
      `Invalid request.  According to the Content-Range header, the request has ${expected} byte(s), but its body has ${body.length} byte(s).`,
    );
}

function gap(offset: number, size: number): StorageError {
  return new StorageError(503, 'backendError', {
    message: `Invalid request.  According to the Content-Range header, the upload offset is ${offset} byte(s), which exceeds already uploaded size of ${size} byte(s).`,
  });
}

function tooSmall(size: number): StorageError {
  return invalid(
    `Invalid request. The number of bytes uploaded is required to be equal or greater than ${UNIT_BYTES}, except for the final request (it's recommended to be the exact multiple of ${UNIT_BYTES}). The received request contained ${size} bytes, which does not meet this requirement.`,
  );
}
