import { gunzipSync } from 'node:zlib';

import type { ApiReply, ApiRequest } from '../http/route.ts';
import type { StoredObject } from './stored-object.ts';
import { contentHeaders } from './object-view.ts';
import { StorageError } from './storage-error.ts';

/**
 * The content, or the part of it that the header Range names; forms of ranges that may be ignored are. What is stored packed comes unpacked to who does not take it
 * packed.
 */
export function downloadReply(object: StoredObject, { headers }: Pick<ApiRequest, 'headers'>): ApiReply {
  const { content } = object;
  const unpacked = takesGzip(headers['accept-encoding']) ? undefined : unpackedOf(object);
  if (unpacked !== undefined) return unpackedReply(object, unpacked);
  const shown = { ...contentHeaders(object), 'accept-ranges': 'bytes' };
  const range = rangeOf(headers.range, content.length);
  if (range === undefined) return { status: 200, headers: shown, body: content };
  const { start, end } = range;
  const part = content.subarray(start, end + 1);
  return {
    status: 206,
    headers: { ...shown, 'content-range': `bytes ${start}-${end}/${content.length}` },
    body: part,
  };
}

/** The whole of it: a range of packed bytes would mean nothing to the client, and the length is not known before. */
function unpackedReply(object: StoredObject, body: Buffer): ApiReply {
  const { 'content-encoding': encoding = '', ...headers } = contentHeaders(object);
  return {
    status: 200,
    headers: {
      ...headers,
      'x-goog-stored-content-encoding': encoding,
      'x-goog-stored-content-length': String(object.content.length),
      warning: '214 UploadServer gunzipped',
    },
    body,
  };
}

/** Undefined for what is not packed, is not to be changed on its way, or is not what its encoding says. */
function unpackedOf({ content, settings }: StoredObject): Buffer | undefined {
  const { contentEncoding, cacheControl = '' } = settings;
  if (contentEncoding !== 'gzip' || /\bno-transform\b/.test(cacheControl)) return undefined;
  try {
    return gunzipSync(content);
  } catch {
    return undefined;
  }
}

function takesGzip(header: string | string[] = ''): boolean {
  return /(?:^|[\s,])(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)/i.test(String(header));
}

function rangeOf(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (start <= end) return { start, end };
  throw new StorageError(416, 'requestedRangeNotSatisfiable', {
    message: 'Request range not satisfiable',
    location: { locationType: 'header', location: 'Range' },
  });
}
