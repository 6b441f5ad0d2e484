import { formatReference, type ImageReference, type Place } from '@fairlead/images';

import { bytesOf } from './answer-bytes.ts';
import { checkDigest, digestOf } from './digest.ts';
import { parsedRecord } from './json.ts';
import { MANIFEST_TYPES } from './manifest.ts';
import { type Line, reading, type RegistryRequest, writing } from './registry-request.ts';

/** What a name stands for. */
export interface Resolved {
  readonly digest: string;
  readonly mediaType: string;
  /** Bytes of the manifest, not of the image. */
  readonly size: number;
}

export interface ManifestBytes extends Resolved {
  readonly bytes: Uint8Array;
}

export interface NewManifest {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface ManifestCalls {
  /** What the name stands for; undefined when there is no such image. One request. */
  readonly resolve: (image: ImageReference) => Promise<Resolved | undefined>;
  /** The manifest, checked against its digest; undefined when there is no such image. One request. */
  readonly manifest: (image: ImageReference) => Promise<ManifestBytes | undefined>;
  /** Pushes a manifest under its tag, or under its digest alone when the image has no tag; returns its digest. */
  readonly putManifest: (image: ImageReference, manifest: NewManifest) => Promise<string>;
  /** Removes a tag, or a manifest by digest; what is not there is gone already. */
  readonly remove: (image: ImageReference) => Promise<void>;
  /** All tags of a repository, none when it does not exist. */
  readonly tags: (place: Place) => Promise<readonly string[]>;
}

export function manifestCalls(line: Line): ManifestCalls {
  const manifest = (image: ImageReference) => read(line, image);
  return {
    manifest,
    resolve: async (image) => {
      const asked = namedManifest(image);
      const { ok, headers } = await line.retried(asked.what, () => line.send({ ...asked, method: 'HEAD' }));
      if (!ok) return undefined;
      const digest = headers.get('docker-content-digest') ?? undefined;
      // The header is a recommendation: without it the digest is that of the bytes.
      return digest === undefined ? manifest(image) : resolved(headers, digest);
    },
    putManifest: (image, content) => put(line, image, content),
    remove: async (image) => {
      const asked = { ...writing(image, `delete ${formatReference(image)}`), path: manifestPath(image) };
      const scopes = [`repository:${image.repository}:pull,push,delete`];
      await line.retried(asked.what, () => line.send({ ...asked, scopes, method: 'DELETE', allowed: [404] }));
    },
    tags: (place) => allTags(line, place),
  };
}

function read({ send, retried }: Line, image: ImageReference): Promise<ManifestBytes | undefined> {
  const asked = namedManifest(image);
  return retried(asked.what, async () => {
    const response = await send({ ...asked, method: 'GET' });
    const bytes = await bytesOf(response, asked);
    if (!response.ok) return undefined;
    const digest = image.digest ?? response.headers.get('docker-content-digest') ?? digestOf(bytes);
    checkDigest(bytes, digest, `the manifest that ${image.registry} gave out for ${formatReference(image)}`);
    return { ...resolved(response.headers, digest), size: bytes.length, bytes };
  });
}

async function put({ send, retried }: Line, image: ImageReference, content: NewManifest): Promise<string> {
  const digest = digestOf(content.bytes);
  const asked = writing(image, `push ${formatReference(image)}`);
  const path = `/v2/${image.repository}/manifests/${image.tag ?? digest}`;
  const headers = { 'content-type': content.mediaType };
  const body = content.bytes;
  await retried(asked.what, () => send({ ...asked, method: 'PUT', path, headers, body }));
  return digest;
}

async function allTags({ send, retried }: Line, place: Place): Promise<readonly string[]> {
  const asked = { ...reading(place, `list the tags of ${place.repository}`), allowed: [404] };
  const tags: string[] = [];
  let path: string | undefined = `/v2/${place.repository}/tags/list`;
  while (path !== undefined) {
    const page: string = path;
    const response = await retried(asked.what, () => send({ ...asked, method: 'GET', path: page }));
    if (!response.ok) return tags;
    tags.push(...tagsIn(await response.text()));
    path = nextPage(response, page);
  }
  return tags;
}

function namedManifest(image: ImageReference): Omit<RegistryRequest, 'method'> {
  const asked = reading(image, `resolve ${formatReference(image)}`);
  return { ...asked, path: manifestPath(image), headers: { accept: MANIFEST_TYPES }, allowed: [404] };
}

function manifestPath(image: ImageReference): string {
  return `/v2/${image.repository}/manifests/${image.digest ?? image.tag ?? 'latest'}`;
}

function resolved(headers: Headers, digest: string): Resolved {
  const mediaType = headers.get('content-type')?.split(';')[0] ?? '';
  return { digest, mediaType, size: Number(headers.get('content-length') ?? 0) };
}

function tagsIn(text: string): readonly string[] {
  const tags = parsedRecord(text)?.['tags'];
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}

function nextPage(response: Response, current: string): string | undefined {
  const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec(response.headers.get('link') ?? '')?.[1];
  if (next === undefined) return undefined;
  // Relative to the page that named it, and within this registry.
  const url = new URL(next, new URL(current, 'http://registry'));
  return `${url.pathname}${url.search}`;
}
