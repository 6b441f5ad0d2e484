import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { Place } from '@fairlead/images';

import { OCI_LAYER } from '../manifest.ts';
import type { RegistryClient } from '../registry-client.ts';
import type { BaseImage } from './base-image.ts';

interface Copying {
  readonly base: BaseImage;
  readonly to: Place;
  /** Where layers are put while they are on their way between two registries. */
  readonly folder: string;
}

/** Has the base's layers in the target repository: those that are there stay, others are mounted, or else read and sent. */
export async function copyLayers(client: RegistryClient, copying: Copying): Promise<void> {
  const { source, layers } = copying.base;
  if (source === undefined) return;
  const digests = [...new Set(layers.map(({ digest }) => digest))];
  await Promise.all(digests.map((digest) => copyLayer(client, { ...copying, from: source.place }, digest)));
}

async function copyLayer(
  client: RegistryClient,
  { from, to, folder }: Copying & { readonly from: Place },
  digest: string,
): Promise<void> {
  const isNear = from.registry === to.registry;
  if (isNear && from.repository === to.repository) return;
  const isDone = isNear
    ? (await client.mountBlob(to, digest, from.repository)) !== undefined
    : await client.hasBlob(to, digest);
  if (isDone) return;
  const file = join(folder, digest.replace(':', '-'));
  await pipeline(await client.openBlob(from, digest), createWriteStream(file));
  await client.pushBlob(to, { digest, file });
  await rm(file);
}

/** The type of a layer in an OCI manifest: Docker's types name the same bytes. */
export function ociType(mediaType: string): string {
  if (mediaType === 'application/vnd.docker.image.rootfs.diff.tar.gzip') return `${OCI_LAYER}+gzip`;
  return mediaType === 'application/vnd.docker.image.rootfs.diff.tar' ? OCI_LAYER : mediaType;
}
