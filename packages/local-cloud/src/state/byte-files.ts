import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { StateError } from './state-error.ts';
import type { ByteStore } from './value-text.ts';

export interface ByteFiles extends ByteStore {
  /** Removes every file that was neither put nor read since the start. */
  readonly sweep: () => void;
}

const DIGEST = /^[0-9a-f]{64}$/;

/** A folder of files that are named by the SHA-256 of what is in them; each is written whole or not at all. */
export function byteFiles(folder: string): ByteFiles {
  const used = new Set<string>();
  const digests = new WeakMap<Uint8Array, string>();
  return {
    put: (bytes) => {
      const digest = digests.get(bytes) ?? createHash('sha256').update(bytes).digest('hex');
      digests.set(bytes, digest);
      if (!used.has(digest)) writeWhole(folder, digest, bytes);
      used.add(digest);
      return digest;
    },
    get: (digest) => {
      const bytes = readWhole(folder, digest);
      digests.set(bytes, digest);
      used.add(digest);
      return bytes;
    },
    sweep: () => {
      for (const name of namesIn(folder)) if (!used.has(name)) rmSync(join(folder, name), { force: true });
    },
  };
}

function writeWhole(folder: string, digest: string, bytes: Uint8Array): void {
  mkdirSync(folder, { recursive: true });
  const partial = join(folder, `.${randomUUID()}`);
  try {
    writeFileSync(partial, bytes);
    renameSync(partial, join(folder, digest));
  } catch (thrown) {
    rmSync(partial, { force: true });
    throw thrown;
  }
}

function readWhole(folder: string, digest: string): Buffer {
  const path = join(folder, digest);
  try {
    const bytes = readFileSync(DIGEST.test(digest) ? path : join(folder, 'invalid'));
    if (createHash('sha256').update(bytes).digest('hex') === digest) return bytes;
    throw new Error('its content has another digest');
  } catch (cause) {
    throw new StateError('corrupt', `the state needs "${path}", which cannot be used`, { cause });
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
