import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';

import { CloudError, httpCode } from '../control/cloud-error.ts';
import { type ApiReply, type ApiRequest, dispatch, errorReply, type Route } from '../http/route.ts';
import { invalid, StorageError } from './storage-error.ts';
import { storageErrorReply } from './storage-request.ts';

/** As many calls as a batch may have. */
const MOST_CALLS = 100;

/** Several calls of the JSON API in one: `POST /batch/storage/v1` with a part for each, answered in their order. No content is up- or downloaded by it. */
export function batchRoutes(routes: readonly Route[]): readonly Route[] {
  return [
    {
      method: 'POST',
      pattern: /^\/batch(?:\/storage\/v1)?$/,
      handle: async (request) => {
        try {
          return await answered(routes, request);
        } catch (thrown) {
          if (thrown instanceof StorageError) return storageErrorReply(thrown);
          throw thrown;
        }
      },
    },
  ];
}

async function answered(routes: readonly Route[], request: ApiRequest): Promise<ApiReply> {
  const calls = callsIn(request);
  if (calls.length > MOST_CALLS)
    throw invalid(
      `The batch request could not be processed: it has ${calls.length} calls, the limit is ${MOST_CALLS}.`,
    );
  const boundary = `batch_${randomBytes(18).toString('base64url')}`;
  const parts: string[] = [];
  // One after the other, as a batch may change what a later call of it reads.
  for (const { id, ...call } of calls) {
    const headers = { ...request.headers, ...call.headers };
    const reply = await replyTo(routes, { ...request, ...call, headers });
    parts.push(partOf(id, reply));
  }
  return {
    status: 200,
    headers: { 'content-type': `multipart/mixed; boundary=${boundary}` },
    body: Buffer.from(`${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`),
  };
}

async function replyTo(routes: readonly Route[], call: ApiRequest): Promise<ApiReply> {
  try {
    return await dispatch(routes, call);
  } catch (thrown) {
    if (!(thrown instanceof CloudError)) throw thrown;
    return errorReply(httpCode(thrown.code), { message: thrown.message, status: thrown.code });
  }
}

interface BatchedCall extends Pick<ApiRequest, 'method' | 'path' | 'query' | 'headers' | 'body'> {
  /** Content-ID of the part. */
  readonly id: string | undefined;
}

function callsIn({ headers, body }: ApiRequest): readonly BatchedCall[] {
  const [, boundary] =
    /boundary=(?:"([^"]+)"|([^\s;]+))/.exec(headers['content-type'] ?? '')?.filter(Boolean) ?? [];
  if (boundary === undefined)
    throw invalid('Failed to parse batch request, error: no boundary in its content type.');
  const [, ...sections] = body.toString('utf8').split(`--${boundary}`);
  return sections.filter((section) => !section.startsWith('--')).map(callIn);
}

function callIn(section: string): BatchedCall {
  const [outer, inner] = halves(section.replace(/^\r?\n/, '').replace(/\r?\n$/, ''));
  const [head, body] = halves(inner);
  const [line = '', ...lines] = head.split(/\r?\n/);
  const [, method, target] = /^([A-Z]+) (\S+)(?: HTTP\/1\.\d)?$/.exec(line) ?? [];
  const url = URL.parse(target ?? '', 'http://storage.googleapis.com');
  if (method === undefined || url === null)
    throw invalid(`Failed to parse batch request, error: malformed request line "${line}".`);
  return {
    id: headersOf(outer.split(/\r?\n/))['content-id'],
    method,
    path: pathOf(url),
    query: url.searchParams,
    headers: headersOf(lines),
    body: Buffer.from(body),
  };
}

function pathOf({ pathname }: URL): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    throw invalid(`Failed to parse batch request, error: path "${pathname}" is not validly percent-encoded.`);
  }
}

/** What is before the first empty line, and what is after it. */
function halves(text: string): readonly [string, string] {
  const [, head = text, rest = ''] = /^(.*?)\r?\n\r?\n(.*)$/s.exec(text) ?? [];
  return [head, rest];
}

function headersOf(lines: readonly string[]): Readonly<Record<string, string>> {
  const pairs = lines.map((line) => /^([^:\s]+):\s*(.*)$/.exec(line));
  return Object.fromEntries(
    pairs.flatMap((pair) => (pair === null ? [] : [[pair[1]?.toLowerCase() ?? '', pair[2] ?? '']])),
  );
}

function partOf(id: string | undefined, { status, headers, body }: ApiReply): string {
  const text = body === undefined ? '' : Buffer.isBuffer(body) ? body.toString('utf8') : JSON.stringify(body);
  const type = body === undefined ? {} : { 'content-type': 'application/json; charset=UTF-8' };
  const lines = Object.entries({ ...type, 'content-length': String(Buffer.byteLength(text)), ...headers });
  return [
    'Content-Type: application/http',
    ...(id === undefined ? [] : [`Content-ID: ${responseId(id)}`]),
    '',
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
    '',
    text,
  ].join('\r\n');
}

/** `<response-ID>` of `<ID>`, by which a client finds the answer to its call. */
function responseId(id: string): string {
  return id.startsWith('<') ? `<response-${id.slice(1)}` : `response-${id}`;
}
