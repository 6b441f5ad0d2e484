import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join, posix } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { type Pack, pack } from 'tar-stream';

import type { PackEntry } from './pack-entry.ts';

export interface Layer {
  /** Of the bytes that are pushed. */
  readonly digest: string;
  readonly size: number;
  /** Of the archive before it is compressed. */
  readonly diffId: string;
}

export interface LayerSource {
  readonly context: string;
  readonly entries: readonly PackEntry[];
  /** Absolute folder in the image. */
  readonly workdir: string;
  /** Seconds since the epoch that every file carries. */
  readonly epoch: number;
}

/**
 * Writes entries as a compressed archive that is the same, byte for byte, for the same names, modes and contents: no times, owners or
 * orders of this machine are in it.
 */
export async function writeLayer(file: string, source: LayerSource): Promise<Layer> {
  const archive = pack();
  const plain = createHash('sha256');
  const packed = createHash('sha256');
  let size = 0;
  const written = pipeline(
    archive,
    seeing((chunk) => plain.update(chunk)),
    createGzip({ level: 6 }),
    withoutSystem(),
    seeing((chunk) => {
      packed.update(chunk);
      size += chunk.length;
    }),
    createWriteStream(file),
  );
  await Promise.all([written, fill(archive, source)]);
  return { digest: `sha256:${packed.digest('hex')}`, size, diffId: `sha256:${plain.digest('hex')}` };
}

async function fill(archive: Pack, source: LayerSource): Promise<void> {
  try {
    const root = source.workdir.replace(/^\/+|\/+$/g, '');
    if (root !== '') await add(archive, source, { kind: 'folder', path: '.' });
    for (const entry of source.entries) await add(archive, source, entry);
    archive.finalize();
  } catch (thrown) {
    archive.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
    throw thrown;
  }
}

async function add(archive: Pack, { context, workdir, epoch }: LayerSource, entry: PackEntry): Promise<void> {
  const path = posix.join(workdir, entry.path).replace(/^\/+/, '');
  const common = { uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(epoch * 1000) };
  switch (entry.kind) {
    case 'folder':
      return put(archive, { ...common, name: `${path.replace(/\/$/, '')}/`, type: 'directory', mode: 0o755 });
    case 'link':
      return put(archive, { ...common, name: path, type: 'symlink', linkname: entry.target, mode: 0o777 });
    case 'file': {
      const mode = entry.isExecutable ? 0o755 : 0o644;
      const header = { ...common, name: path, type: 'file', size: entry.size, mode } as const;
      return put(archive, header, join(context, entry.path));
    }
  }
}

type EntryHeader = Parameters<Pack['entry']>[0];

function put(archive: Pack, header: EntryHeader, file?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const entry = archive.entry(header, (error) => {
      if (error) reject(error);
      else resolve();
    });
    if (file === undefined || header.size === 0) {
      entry.end(undefined);
      return;
    }
    pipeline(createReadStream(file), entry).catch(reject);
  });
}

/** The tenth byte of a gzip header names the system that compressed: 255 is "unknown". */
function withoutSystem(): Transform {
  let position = 0;
  return transform((chunk) => {
    const at = 9 - position;
    position += chunk.length;
    if (at < 0 || at >= chunk.length) return chunk;
    const changed = Buffer.from(chunk);
    changed[at] = 255;
    return changed;
  });
}

function seeing(see: (chunk: Buffer) => void): Transform {
  return transform((chunk) => {
    see(chunk);
    return chunk;
  });
}

function transform(change: (chunk: Buffer) => Buffer): Transform {
  return new Transform({
    transform: (chunk: Buffer, _: BufferEncoding, done: TransformCallback) => {
      done(undefined, change(chunk));
    },
  });
}
