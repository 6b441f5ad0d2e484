import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { namesIn, readIfThere, sizeIfThere, writeWhole } from './files.ts';

/** What a repository knows of a manifest besides its bytes. */
export interface ManifestLink {
  readonly mediaType: string;
  /** Digest of the manifest that this one refers to. */
  readonly subject?: string;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** When the repository first got it, in milliseconds since the epoch. */
  readonly uploadedMs?: number;
}

/**
 * Content on disk by digest, and per repository the links that say what it holds. Bytes are shared by all repositories; a repository
 * sees those that it has a link to. All names must have been checked before they come here.
 */
export interface Store {
  readonly uploadPath: (id: string) => string;
  readonly blobPath: (digest: string) => string;
  readonly blobSize: (name: string, digest: string) => Promise<number | undefined>;
  readonly linkBlob: (name: string, digest: string) => Promise<void>;
  readonly unlinkBlob: (name: string, digest: string) => Promise<void>;
  /** Moves a whole file to its place among the blobs. */
  readonly adopt: (file: string, digest: string) => Promise<void>;
  readonly putManifest: (name: string, digest: string, manifest: StoredManifest) => Promise<void>;
  readonly manifest: (name: string, digest: string) => Promise<ManifestLink | undefined>;
  readonly manifestSize: (digest: string) => Promise<number | undefined>;
  readonly removeManifest: (name: string, digest: string) => Promise<void>;
  readonly tags: (name: string) => Promise<readonly string[]>;
  readonly tag: (name: string, tag: string) => Promise<string | undefined>;
  readonly setTag: (name: string, tag: string, digest: string) => Promise<void>;
  readonly removeTag: (name: string, tag: string) => Promise<void>;
  /** Digests of the manifests whose subject is `digest`, sorted. */
  readonly referrers: (name: string, digest: string) => Promise<readonly string[]>;
  readonly exists: (name: string) => Promise<boolean>;
  /** Names of the repositories at and below a path (`PROJECT/REPOSITORY`) that hold something, sorted. */
  readonly names: (under: string) => Promise<readonly string[]>;
  /** Digests of all manifests of a repository, sorted. */
  readonly digests: (name: string) => Promise<readonly string[]>;
}

export interface StoredManifest {
  readonly bytes: Buffer;
  readonly link: ManifestLink;
}

/** `now` tells milliseconds since the epoch. */
export function diskStore(folder: string, now: () => number = Date.now): Store {
  const blobPath = (digest: string) => join(folder, 'blobs', ...digest.split(':'));
  // A component of a repository's name never begins with "_": these folders cannot collide with a repository's.
  const within = (name: string, ...path: string[]) =>
    join(folder, 'repositories', ...name.split('/'), ...path);
  const blobLink = (name: string, digest: string) => within(name, '_blobs', ...digest.split(':'));
  const manifestLink = (name: string, digest: string) => within(name, '_manifests', ...digest.split(':'));
  const tagPath = (name: string, tag: string) => within(name, '_tags', tag);
  const referrersOf = (name: string, digest: string) => within(name, '_referrers', ...digest.split(':'));
  const manifest = async (name: string, digest: string) =>
    parsedLink(await readIfThere(manifestLink(name, digest)));

  return {
    blobPath,
    manifest,
    uploadPath: (id) => join(folder, 'uploads', id),
    blobSize: async (name, digest) =>
      (await sizeIfThere(blobLink(name, digest))) === undefined ? undefined : sizeIfThere(blobPath(digest)),
    linkBlob: (name, digest) => writeWhole(blobLink(name, digest), ''),
    unlinkBlob: (name, digest) => rm(blobLink(name, digest), { force: true }),
    adopt: async (file, digest) => {
      await mkdir(dirname(blobPath(digest)), { recursive: true });
      await rename(file, blobPath(digest));
    },
    putManifest: async (name, digest, { bytes, link }) => {
      await writeWhole(blobPath(digest), bytes);
      const uploadedMs = (await manifest(name, digest))?.uploadedMs ?? now();
      await writeWhole(manifestLink(name, digest), JSON.stringify({ ...link, uploadedMs }));
      if (link.subject !== undefined)
        await writeWhole(join(referrersOf(name, link.subject), digest.replace(':', '-')), '');
    },
    manifestSize: (digest) => sizeIfThere(blobPath(digest)),
    removeManifest: async (name, digest) => {
      const subject = (await manifest(name, digest))?.subject;
      if (subject !== undefined)
        await rm(join(referrersOf(name, subject), digest.replace(':', '-')), { force: true });
      await rm(manifestLink(name, digest), { force: true });
    },
    tags: (name) => namesIn(within(name, '_tags')),
    tag: (name, tag) => readIfThere(tagPath(name, tag)),
    setTag: (name, tag, digest) => writeWhole(tagPath(name, tag), digest),
    removeTag: (name, tag) => rm(tagPath(name, tag), { force: true }),
    referrers: async (name, digest) =>
      (await namesIn(referrersOf(name, digest))).map((file) => file.replace('-', ':')),
    exists: async (name) => (await namesIn(within(name))).some((entry) => entry.startsWith('_')),
    names: (under) => namesUnder(folder, under),
    digests: async (name) => {
      const algorithms = await namesIn(within(name, '_manifests'));
      const digests = algorithms.map(async (algorithm) =>
        (await namesIn(within(name, '_manifests', algorithm))).map((hex) => `${algorithm}:${hex}`),
      );
      return (await Promise.all(digests)).flat();
    },
  };
}

async function namesUnder(folder: string, under: string): Promise<readonly string[]> {
  const entries = await namesIn(join(folder, 'repositories', ...under.split('/')));
  const holdsSomething = entries.includes('_manifests') || entries.includes('_blobs');
  const below = entries
    .filter((entry) => !entry.startsWith('_'))
    .map((entry) => namesUnder(folder, `${under}/${entry}`));
  return [...(holdsSomething ? [under] : []), ...(await Promise.all(below)).flat()];
}

/** The digest of a file's bytes, by the algorithm of `like`. */
export async function digestOfFile(path: string, like: string): Promise<string> {
  const algorithm = like.slice(0, like.indexOf(':'));
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return `${algorithm}:${hash.digest('hex')}`;
}

function parsedLink(text: string | undefined): ManifestLink | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as ManifestLink);
}
