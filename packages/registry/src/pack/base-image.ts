import { ActionFailure } from '@fairlead/action-kit';
import { formatReference, type ImageReference, parseReference, type Place } from '@fairlead/images';

import type { ManifestBytes } from '../manifest-calls.ts';
import { isRecord, type Json, parsedRecord } from '../json.ts';
import { type Descriptor, parseManifestBytes } from '../manifest.ts';
import type { RegistryClient } from '../registry-client.ts';

/** What an image is put on. */
export interface BaseImage {
  /** Absent for scratch. */
  readonly source?: { readonly place: Place; readonly digest: string };
  /** The configuration file as the base has it. */
  readonly config: Json;
  readonly layers: readonly Descriptor[];
  readonly diffIds: readonly string[];
}

/** Reads the base for a platform; `scratch` needs no registry. Throws when there is no such image, or none for the platform. */
export async function readBase(client: RegistryClient, base: string, platform: string): Promise<BaseImage> {
  const [os = 'linux', architecture = 'amd64', variant] = platform.split('/');
  const scratch = { os, architecture, ...(variant === undefined ? {} : { variant }) };
  if (base === 'scratch') return { config: scratch, layers: [], diffIds: [] };
  const image = withTag(parseReference(base));
  const { digest, manifest } = await imageManifest(client, image, platform);
  const config = parsedRecord(new TextDecoder().decode(await client.readBlob(image, manifest.config.digest)));
  const rootfs = isRecord(config?.['rootfs']) ? config['rootfs']['diff_ids'] : undefined;
  if (config === undefined || !Array.isArray(rootfs) || rootfs.length !== manifest.layers.length)
    throw new ActionFailure(`base image "${base}" has a configuration that does not fit its layers`);
  return { source: { place: image, digest }, config, layers: manifest.layers, diffIds: rootfs.map(String) };
}

async function imageManifest(client: RegistryClient, image: ImageReference, platform: string) {
  const name = formatReference(image);
  const found = await existing(client, image);
  const manifest = parseManifestBytes(found.bytes, name);
  if (manifest.kind === 'image') return { digest: found.digest, manifest };
  const child = manifest.manifests.find((entry) => entry.platform === platform);
  if (child === undefined) {
    const known = manifest.manifests.map((entry) => entry.platform ?? 'unknown').join(', ');
    throw new ActionFailure(`base image "${name}" is not for ${platform}, only for ${known}`);
  }
  const inner = await existing(client, { ...image, digest: child.digest });
  const parsed = parseManifestBytes(inner.bytes, name);
  if (parsed.kind === 'index') throw new ActionFailure(`base image "${name}" is an index of indexes`);
  return { digest: child.digest, manifest: parsed };
}

async function existing(client: RegistryClient, image: ImageReference): Promise<ManifestBytes> {
  const found = await client.manifest(image);
  if (found !== undefined) return found;
  throw new ActionFailure(`base image "${formatReference(image)}" does not exist; check "base" below "pack"`);
}

function withTag(image: ImageReference): ImageReference {
  return image.tag === undefined && image.digest === undefined ? { ...image, tag: 'latest' } : image;
}
