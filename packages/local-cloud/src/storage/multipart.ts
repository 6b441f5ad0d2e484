import { invalid, type StorageError } from './storage-error.ts';

export interface Upload {
  /** The JSON of the first part. */
  readonly metadata: string;
  readonly content: Buffer;
  readonly contentType?: string;
}

/**
 * The two parts of a `multipart/related` upload. gcloud puts the boundary into single quotes and ends its lines with a line feed alone, and Cloud Storage
 * takes it.
 */
export function readMultipart(contentType: string, body: Buffer): Upload {
  const [, boundary] = /boundary=["']?([^"';]+)["']?/.exec(contentType) ?? [];
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
  const eol = body[start + delimiter.length] === CARRIAGE_RETURN ? '\r\n' : '\n';
  for (;;) {
    const end = start < 0 ? -1 : body.indexOf(`${eol}${delimiter}`, start);
    if (end < 0) return parts;
    parts.push(partOf(body.subarray(start + delimiter.length + eol.length, end), eol));
    start = end + eol.length;
  }
}

const CARRIAGE_RETURN = 13;

function partOf(part: Buffer, eol: string): Part {
  const end = part.indexOf(`${eol}${eol}`);
  if (end < 0) throw malformed('a part has no headers');
  const type = /^content-type:\s*(.+)$/im.exec(part.subarray(0, end).toString('utf8'))?.[1]?.trim();
  return {
    content: part.subarray(end + 2 * eol.length),
    ...(type === undefined ? {} : { type }),
  };
}

function malformed(why: string): StorageError {
  return invalid(`Malformed multipart body: ${why}.`);
}
