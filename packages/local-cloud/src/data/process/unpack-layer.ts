import { createWriteStream } from 'node:fs';
import { chmod, link, lstat, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Duplex, PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';

import { messageOf } from '@fairlead/action-kit';
import { type Extract, extract, type Header } from 'tar-stream';

import { RefusedImage, rootedFolder, rootedPath, segmentsOf } from './rooted-path.ts';

/** Bounds that an image must keep, so that a small download cannot fill the disk. */
export interface UnpackBudget {
  bytes: number;
  entries: number;
}

/**
 * Applies one layer to the folder `root`, whiteouts included. Owners are not kept, devices and pipes are left out. Throws {@link RefusedImage} for an entry
 * or a link that leads out of the folder; absolute links mean the image's own root and are written as relative ones.
 */
export async function unpackLayer(
  root: string,
  layer: { readonly bytes: Readable; readonly mediaType: string },
  budget: UnpackBudget,
): Promise<void> {
  const entries = extract();
  const fed = feed(layer, entries);
  const written = new Set<string>();
  for await (const entry of entries) {
    spend(budget, entry.header);
    await write(root, { header: entry.header, content: entry, written });
    entry.resume();
  }
  await fed;
}

type Layer = Parameters<typeof unpackLayer>[1];

async function feed({ bytes, mediaType }: Layer, entries: Extract): Promise<void> {
  const decompressor = decompressorOf(mediaType);
  const decompressed = pipeline(bytes, decompressor);
  // The loop meets the same failure first.
  decompressed.catch(() => undefined);
  try {
    for await (const chunk of decompressor) await take(entries, chunk as Buffer);
    // What follows the compressed part counts for the digest.
    await decompressed;
    entries.end(undefined);
  } catch (thrown) {
    // The reader of the entries throws it.
    entries.destroy(thrown instanceof Error ? thrown : new Error(messageOf(thrown), { cause: thrown }));
  }
}

function take(entries: Extract, chunk: Buffer): Promise<void> {
  if (entries.destroyed || entries.write(chunk)) return Promise.resolve();
  return new Promise((resolve) => {
    entries.once('drain', resolve);
    entries.once('close', resolve);
  });
}

function decompressorOf(mediaType: string): Duplex {
  if (mediaType.endsWith('gzip')) return createGunzip();
  return mediaType.endsWith('zstd') ? createZstdDecompress() : new PassThrough();
}

function spend(budget: UnpackBudget, header: Header): void {
  budget.bytes -= header.size;
  budget.entries -= 1;
  if (budget.bytes < 0 || budget.entries < 0) {
    throw new RefusedImage('the image is larger unpacked than is allowed here');
  }
}

interface LayerEntry {
  readonly header: Header;
  readonly content: AsyncIterable<unknown>;
  /** What this layer has written so far: its whiteouts mean the layers below it. */
  readonly written: Set<string>;
}

async function write(root: string, entry: LayerEntry): Promise<void> {
  const segments = segmentsOf(entry.header.name);
  const name = segments.at(-1);
  if (name === undefined) return;
  const folder = await rootedFolder(root, segments.slice(0, -1));
  if (name.startsWith('.wh.')) {
    await whiteOut(folder, name.slice('.wh.'.length), entry.written);
    return;
  }
  const path = join(folder, name);
  await writeEntry(root, path, entry);
  entry.written.add(path);
}

async function writeEntry(root: string, path: string, { header, content }: LayerEntry): Promise<void> {
  const mode = header.mode;
  switch (header.type) {
    case 'directory':
      await makeFolder(path, mode);
      return;
    case 'file':
    case 'contiguous-file':
      await rm(path, { recursive: true, force: true });
      await pipeline(content, createWriteStream(path, { mode: mode | 0o600 }));
      // The mode at creation passes through the umask of this process.
      await chmod(path, mode | 0o600);
      return;
    case 'symlink':
      await rm(path, { recursive: true, force: true });
      await symlink(linkTarget(root, path, header.linkname), path);
      return;
    case 'link':
      await rm(path, { recursive: true, force: true });
      await link(await rootedPath(root, header.linkname), path);
      return;
    default:
  }
}

async function makeFolder(path: string, mode: number): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    await rm(path, { recursive: true, force: true });
    await mkdir(path);
  }
  await chmod(path, mode | 0o700);
}

function linkTarget(root: string, path: string, target: string): string {
  const folder = join(path, '..');
  if (target.startsWith('/')) return relative(folder, join(root, target)) || '.';
  const reached = join(folder, target);
  if (reached !== root && !reached.startsWith(`${root}/`)) {
    throw new RefusedImage(`link "${relative(root, path)}" leads out of the image: "${target}"`);
  }
  return target;
}

async function whiteOut(folder: string, name: string, written: ReadonlySet<string>): Promise<void> {
  if (name === '.wh..opq') {
    for (const child of await readdir(folder)) await removeLower(join(folder, child), written);
    return;
  }
  // Other names with the prefix twice are a union file system's own notes.
  if (name.startsWith('.wh.')) return;
  if (name === '' || name === '.' || name === '..')
    throw new RefusedImage(`a whiteout names "${name}", expected a file`);
  await removeLower(join(folder, name), written);
}

/** Removes what layers below have left at `path` and keeps what this layer wrote. */
async function removeLower(path: string, written: ReadonlySet<string>): Promise<void> {
  const isMixed = [...written].some((kept) => kept.startsWith(`${path}/`));
  if (isMixed) {
    for (const child of await readdir(path)) await removeLower(join(path, child), written);
    return;
  }
  if (!written.has(path)) await rm(path, { recursive: true, force: true });
}
