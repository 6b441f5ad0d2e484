import { readFile } from 'node:fs/promises';

import { isRepositoryName, isTag } from '@fairlead/images';

import { isRecord, type Message } from '../messages/index.ts';
import { manifestBody, type Store } from '../registry/index.ts';
import { entityNotFound, type PackagePlace, placeOfImage, type RepositoryPlace } from './package-name.ts';

/** One manifest of a package with what is to be said of it. */
export interface Version {
  readonly place: PackagePlace;
  readonly digest: string;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly uploadedMs: number;
  /** Sorted. */
  readonly tags: readonly string[];
}

export interface ImageFacts {
  /** Of the configuration and all layers; of an index, of all its images. */
  readonly sizeBytes: number;
  /** When the image says that it was made. */
  readonly created?: string;
  /** Descriptors of the images of an index. */
  readonly manifests: readonly Message[];
}

/** The packages of a repository that hold a manifest. */
export async function packagesIn(
  store: Store,
  repository: RepositoryPlace,
): Promise<readonly PackagePlace[]> {
  const names = await store.names(repository.path);
  const holds = await Promise.all(names.map(async (name) => (await store.digests(name)).length > 0));
  return names
    .filter((name, index) => holds[index] === true && name !== repository.path)
    .map((name) => placeOfImage(repository, name));
}

/** All versions of a package, newest first; throws NOT_FOUND when there is none. */
export async function knownVersions(store: Store, place: PackagePlace): Promise<readonly Version[]> {
  const versions = await versionsOf(store, place);
  if (versions.length === 0) throw entityNotFound();
  return versions;
}

/** The same, none when there is none. */
export async function versionsOf(store: Store, place: PackagePlace): Promise<readonly Version[]> {
  if (!isRepositoryName(place.image)) throw entityNotFound();
  const [digests, tags] = await Promise.all([store.digests(place.image), tagsOf(store, place)]);
  const versions = await Promise.all(digests.map((digest) => versionAt(store, place, { digest, tags })));
  return versions.flat().toSorted((a, b) => b.uploadedMs - a.uploadedMs || (a.digest < b.digest ? -1 : 1));
}

export async function findVersion(store: Store, place: PackagePlace, digest: string): Promise<Version> {
  const found = (await versionsOf(store, place)).find((version) => version.digest === digest);
  if (found === undefined) throw entityNotFound();
  return found;
}

/** Tags of a package by name with the digests that they stand for. */
export async function tagsOf(store: Store, { image }: PackagePlace): Promise<ReadonlyMap<string, string>> {
  if (!isRepositoryName(image)) throw entityNotFound();
  const tags = await store.tags(image);
  const digests = await Promise.all(tags.map((tag) => store.tag(image, tag)));
  return new Map(tags.map((tag, index) => [tag, digests[index] ?? '']));
}

/** The digest that a tag stands for; throws NOT_FOUND. */
export async function findTag(store: Store, { image }: PackagePlace, tag: string): Promise<string> {
  const isName = isRepositoryName(image) && isTag(tag);
  const digest = isName ? await store.tag(image, tag) : undefined;
  if (digest === undefined) throw entityNotFound();
  return digest;
}

export async function imageFacts(store: Store, { place, digest, mediaType }: Version): Promise<ImageFacts> {
  const manifest = await jsonAt(store, digest);
  const children = childrenOf(manifest);
  if (children.length === 0) return { ...(await ownFacts(store, manifest)), manifests: [] };
  const images = await Promise.all(
    children.map(async (child): Promise<ImageFacts> => {
      const link = await store.manifest(place.image, String(child['digest']));
      const version = { place, digest: String(child['digest']), mediaType, uploadedMs: 0, tags: [] };
      return link === undefined ? { sizeBytes: 0, manifests: [] } : imageFacts(store, version);
    }),
  );
  const created = images.map((image) => image.created).find((time) => time !== undefined);
  return {
    sizeBytes: images.reduce((sum, image) => sum + image.sizeBytes, 0),
    ...(created === undefined ? {} : { created }),
    manifests: children,
  };
}

/** Digests of the manifests of a package whose index names this one: it cannot go before they do. */
export async function parentsOf(store: Store, { place, digest }: Version): Promise<readonly string[]> {
  const others = (await store.digests(place.image)).filter((other) => other !== digest);
  const names = await Promise.all(
    others.map(async (other) => {
      const link = await store.manifest(place.image, other);
      const bytes = await readFile(store.blobPath(other));
      return manifestBody(bytes, link?.mediaType).manifests.includes(digest);
    }),
  );
  return others.filter((_, index) => names[index] === true);
}

async function versionAt(
  store: Store,
  place: PackagePlace,
  { digest, tags }: { readonly digest: string; readonly tags: ReadonlyMap<string, string> },
): Promise<readonly Version[]> {
  const link = await store.manifest(place.image, digest);
  if (link === undefined) return [];
  const { mediaType, artifactType, uploadedMs = 0 } = link;
  const own = [...tags].flatMap(([tag, tagged]) => (tagged === digest ? [tag] : []));
  return [
    {
      place,
      digest,
      mediaType,
      uploadedMs,
      tags: own,
      ...(artifactType === undefined ? {} : { artifactType }),
    },
  ];
}

async function ownFacts(store: Store, manifest: Message): Promise<Omit<ImageFacts, 'manifests'>> {
  const config = isRecord(manifest['config']) ? manifest['config'] : {};
  const layers = Array.isArray(manifest['layers']) ? manifest['layers'].filter(isRecord) : [];
  const sizeBytes = [config, ...layers].reduce(
    (sum, { size }) => sum + (typeof size === 'number' ? size : 0),
    0,
  );
  const { created } = await jsonAt(store, String(config['digest']));
  const time = typeof created === 'string' ? Date.parse(created) : Number.NaN;
  return { sizeBytes, ...(Number.isNaN(time) ? {} : { created: new Date(time).toISOString() }) };
}

function childrenOf({ manifests }: Message): readonly Message[] {
  return Array.isArray(manifests) ? manifests.filter(isRecord) : [];
}

/** A configuration may be anything, and may be gone. */
async function jsonAt(store: Store, digest: string): Promise<Message> {
  try {
    const json: unknown = JSON.parse(await readFile(store.blobPath(digest), 'utf8'));
    return isRecord(json) ? json : {};
  } catch {
    return {};
  }
}
