import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { StartFailure } from '../containers/engine.ts';
import { type ImageConfig, readImage, type RegistryImage } from './pull-image.ts';
import { expectInside, RefusedImage } from './rooted-path.ts';
import { unpackLayer } from './unpack-layer.ts';

export interface UnpackedImage {
  /** The folder that stands for the image's `/`. Instances of one image share it, writes included. */
  readonly root: string;
  readonly config: ImageConfig;
}

/** Unpacks images into a folder, each digest once: what is there already is used again. */
export function imageCache(folder: string): (image: string) => Promise<UnpackedImage> {
  const underWay = new Map<string, Promise<UnpackedImage>>();
  return async (image) => {
    const found = await readImage(image);
    const unpacking =
      underWay.get(found.digest) ?? unpack(folder, found).finally(() => underWay.delete(found.digest));
    underWay.set(found.digest, unpacking);
    try {
      return await unpacking;
    } catch (thrown) {
      if (!(thrown instanceof RefusedImage)) throw thrown;
      throw new StartFailure('CONTAINER_MISSING', `Container import failed: ${thrown.message}`, {
        cause: thrown,
      });
    }
  };
}

async function unpack(folder: string, image: RegistryImage): Promise<UnpackedImage> {
  const place = join(folder, image.digest.replace(':', '-'));
  const unpacked = { root: join(place, 'root'), config: image.config };
  if (existsSync(place)) return unpacked;
  const scratch = `${place}.${randomUUID()}`;
  try {
    await fill(await made(join(scratch, 'root')), image);
    await rename(scratch, place);
  } catch (thrown) {
    await rm(scratch, { recursive: true, force: true });
    // Another process on the same folder was faster.
    if (!existsSync(place)) throw thrown;
  }
  return unpacked;
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return realpath(folder);
}

async function fill(root: string, image: RegistryImage): Promise<void> {
  const budget = { bytes: 8 * 2 ** 30, entries: 1_000_000 };
  for (const layer of image.layers) {
    await unpackLayer(root, { bytes: await image.open(layer), mediaType: layer.mediaType }, budget);
  }
  await expectNoWayOut(root, root);
}

/** Links that are harmless each may lead out together (through one another), so they are followed when all are there. */
async function expectNoWayOut(root: string, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await expectNoWayOut(root, path);
    if (entry.isSymbolicLink()) await expectInside(root, path);
  }
}
