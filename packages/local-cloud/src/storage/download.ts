import type { ApiReply, ApiRequest } from '../http/route.ts';
import type { StoredObject } from './object-store.ts';
import { contentHeaders } from './object-view.ts';
import { StorageError } from './storage-error.ts';

/** The content, or the part of it that the header Range names; forms of ranges that may be ignored are. */
export function downloadReply(object: StoredObject, { headers }: Pick<ApiRequest, 'headers'>): ApiReply {
  const { content } = object;
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
