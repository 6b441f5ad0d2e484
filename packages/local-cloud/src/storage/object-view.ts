import { timestamp } from '../control/time.ts';
import { crc32c, md5 } from './checksums.ts';
import type { StoredObject } from './object-store.ts';

/** storage#object as the JSON API writes it. `origin` is the server's own, for links. */
export function objectView(object: StoredObject, origin: string): object {
  const { bucket, name, content, generation, metageneration, settings } = object;
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
    md5Hash: md5(content).toString('base64'),
    crc32c: crc32c(content),
    etag: etagOf(object),
    timeCreated: milliseconds(object.createdMicros),
    updated: milliseconds(object.updatedMicros),
    ...settings,
  };
}

export function bucketView(name: string, origin: string): object {
  return {
    kind: 'storage#bucket',
    id: name,
    name,
    selfLink: `${origin}/storage/v1/b/${name}`,
    location: 'US-CENTRAL1',
    storageClass: 'STANDARD',
  };
}

/** The headers with which a download says what it is. */
export function contentHeaders(object: StoredObject): Readonly<Record<string, string>> {
  const { content, settings, generation, metageneration } = object;
  const { contentType = 'application/octet-stream', cacheControl, contentEncoding } = settings;
  return {
    'content-type': contentType,
    etag: `"${md5(content).toString('hex')}"`,
    'cache-control': cacheControl ?? 'public, max-age=3600',
    'x-goog-generation': String(generation),
    'x-goog-metageneration': String(metageneration),
    'x-goog-hash': `crc32c=${crc32c(content)},md5=${md5(content).toString('base64')}`,
    ...(contentEncoding === undefined ? {} : { 'content-encoding': contentEncoding }),
  };
}

function etagOf({ generation, metageneration }: StoredObject): string {
  return Buffer.from(`${generation}/${metageneration}`).toString('base64');
}

function milliseconds(micros: number): string {
  return `${timestamp(micros).slice(0, -4)}Z`;
}
