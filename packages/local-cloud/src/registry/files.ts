import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Writes a file so that a reader sees all of it or nothing. */
export async function writeWhole(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = join(dirname(path), `.${randomUUID()}`);
  try {
    await writeFile(partial, content);
    await rename(partial, path);
  } catch (thrown) {
    await rm(partial, { force: true });
    throw thrown;
  }
}

export async function readIfThere(path: string): Promise<string | undefined> {
  return ifThere(() => readFile(path, 'utf8'));
}

/** The size of a file in bytes; undefined when there is none. */
export async function sizeIfThere(path: string): Promise<number | undefined> {
  return ifThere(async () => (await stat(path)).size);
}

/** Names in a folder, sorted by their bytes; none when the folder is not there. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  const names = (await ifThere(() => readdir(folder))) ?? [];
  return names.filter((name) => !name.startsWith('.')).sort();
}

async function ifThere<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
}

function isMissing(thrown: unknown): boolean {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'code' in thrown &&
    (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR')
  );
}
