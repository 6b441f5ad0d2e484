import { invalid, type StorageError } from './storage-error.ts';

export interface Upload {
  /** The JSON of the first part. */
  readonly metadata: string;
  readonly content: Buffer;
  readonly contentType?: string;
}

/** The two parts of a `multipart/related` upload. */
export function readMultipart(contentType: string, body: Buffer): Upload {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) throw malformed(`no boundary in content type "${contentType}"`);
  const [metadata, content] = partsOf(body, `--${boundary}`);
  if (metadata === undefined || content === undefined) throw malformed('expected two parts');
  return {
    metadata: metadata.content.toString('utf8'),
    content: content.content,
    ...(content.type === undefined ? {} : { contentType: content.type }),
  };
}

interface Part {
  readonly type?: string;
  readonly content: Buffer;
}

function partsOf(body: Buffer, delimiter: string): readonly Part[] {
  const parts: Part[] = [];
  let start = body.indexOf(delimiter);
  for (;;) {
    const end = start < 0 ? -1 : body.indexOf(`\r\n${delimiter}`, start);
    if (end < 0) return parts;
    parts.push(partOf(body.subarray(start + delimiter.length + 2, end)));
    start = end + 2;
  }
}

function partOf(part: Buffer): Part {
  const end = part.indexOf('\r\n\r\n');
  if (end < 0) throw malformed('a part has no headers');
  const type = /^content-type:\s*(.+)$/im.exec(part.subarray(0, end).toString('utf8'))?.[1]?.trim();
  return { content: part.subarray(end + 4), ...(type === undefined ? {} : { type }) };
}

function malformed(why: string): StorageError {
  return invalid(`Malformed multipart body: ${why}.`);
}
