import { timestamp } from '../control/time.ts';
import { checksumsOf } from './checksums.ts';
import type { StoredObject } from './stored-object.ts';

/** storage#object as the JSON API writes it. `origin` is the server's own, for links. */
export function objectView(object: StoredObject, origin: string): object {
  const { bucket, name, content, generation, metageneration, settings } = object;
  const sums = checksumsOf(content);
  const self = `${origin}/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`;
  return {
    kind: 'storage#object',
    id: `${bucket}/${name}/${generation}`,
    selfLink: self,
    mediaLink: `${origin}/download/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}?generation=${generation}&alt=media`,
    name,
    bucket,
    generation: String(generation),
    metageneration: String(metageneration),
    contentType: 'application/octet-stream',
    storageClass: 'STANDARD',
    size: String(content.length),
    md5Hash: sums.md5,
    crc32c: sums.crc32c,
    etag: etagOf(object),
    timeCreated: milliseconds(object.createdMicros),
    updated: milliseconds(object.updatedMicros),
    ...(object.deletedMicros === undefined ? {} : { timeDeleted: milliseconds(object.deletedMicros) }),
    ...settings,
  };
}

/** The headers with which a download says what it is. */
export function contentHeaders(object: StoredObject): Readonly<Record<string, string>> {
  const { content, settings, generation, metageneration } = object;
  const { contentType = 'application/octet-stream', cacheControl, contentEncoding } = settings;
  const { contentDisposition, contentLanguage } = settings;
  const sums = checksumsOf(content);
  return {
    'content-type': contentType,
    etag: `"${Buffer.from(sums.md5, 'base64').toString('hex')}"`,
    'cache-control': cacheControl ?? 'public, max-age=3600',
    'x-goog-generation': String(generation),
    'x-goog-metageneration': String(metageneration),
    'x-goog-hash': `crc32c=${sums.crc32c},md5=${sums.md5}`,
    ...(contentEncoding === undefined ? {} : { 'content-encoding': contentEncoding }),
    ...(contentDisposition === undefined ? {} : { 'content-disposition': contentDisposition }),
    ...(contentLanguage === undefined ? {} : { 'content-language': contentLanguage }),
    ...metadataHeaders(settings.metadata),
  };
}

function metadataHeaders(metadata: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const legal = Object.entries(metadata).filter(
    ([key, value]) => /^[\w-]+$/.test(key) && /^[\x20-\x7e]*$/.test(value),
  );
  return Object.fromEntries(legal.map(([key, value]) => [`x-goog-meta-${key.toLowerCase()}`, value]));
}

function etagOf({ generation, metageneration }: StoredObject): string {
  return Buffer.from(`${generation}/${metageneration}`).toString('base64');
}

function milliseconds(micros: number): string {
  return `${timestamp(micros).slice(0, -4)}Z`;
}
