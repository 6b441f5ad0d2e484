import { lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { join, posix } from 'node:path';

import { ActionFailure } from '@fairlead/action-kit';
import picomatch from 'picomatch';

import type { PackEntry } from './pack-entry.ts';

/**
 * The files that patterns name below a context, each once, in the order of their bytes, with the folders that hold them. A pattern without
 * wildcards is a file, or a folder and all in it; one that begins with `!` takes away. The history of git is never part of it.
 * Throws for a pattern that names nothing and for what leads out of the context.
 */
export async function listFiles(context: string, patterns: readonly string[]): Promise<readonly PackEntry[]> {
  const root = await realpath(context);
  const isLeftOut = leftOut(patterns);
  const found = new Map<string, PackEntry>();
  for (const pattern of patterns.filter((written) => !written.startsWith('!'))) {
    const entries = (await entriesOf({ context, root }, pattern)).filter(({ path }) => !isLeftOut(path));
    if (entries.length === 0) throw new ActionFailure(`pack file "${pattern}" names nothing in ${context}`);
    for (const entry of entries) found.set(entry.path, entry);
  }
  for (const folder of [...found.keys()].flatMap(parentsOf))
    found.set(folder, { kind: 'folder', path: folder });
  return [...found.values()].sort((one, other) =>
    Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)),
  );
}

interface Place {
  readonly context: string;
  /** The context without links in its own path. */
  readonly root: string;
}

async function entriesOf(place: Place, pattern: string): Promise<readonly PackEntry[]> {
  const { base, glob } = picomatch.scan(pattern.replace(/\/+$/, ''));
  const start = posix.normalize(base === '' ? '.' : base);
  if (posix.isAbsolute(start) || start === '..' || start.startsWith('../'))
    throw new ActionFailure(`pack file "${pattern}" must lie within the context ${place.context}`);
  if (!(await isWithin(place, start))) return [];
  const all = await walk(place, start);
  if (glob === '') return all;
  const fits = picomatch(posix.normalize(pattern), { dot: true, windows: false, flags: 's' });
  return all.filter(({ path }) => fits(path));
}

/** False when there is nothing; throws when a link on the way leads out. */
async function isWithin({ context, root }: Place, path: string): Promise<boolean> {
  const parent = await realpath(join(context, posix.dirname(path))).catch(() => undefined);
  if (parent === undefined) return false;
  if (parent === root || parent.startsWith(`${root}/`)) return true;
  throw new ActionFailure(
    `pack file "${path}" must lie within the context ${context}, but a link leads to ${parent}`,
  );
}

async function walk(place: Place, path: string): Promise<readonly PackEntry[]> {
  const full = join(place.context, path);
  const stats = await lstat(full).catch(() => undefined);
  if (stats === undefined || posix.basename(path) === '.git') return [];
  if (stats.isSymbolicLink()) return [link(place, path, await readlink(full))];
  if (stats.isFile())
    return [{ kind: 'file', path, size: stats.size, isExecutable: (stats.mode & 0o100) !== 0 }];
  if (!stats.isDirectory())
    throw new ActionFailure(`pack file "${path}" is neither a file nor a folder nor a link`);
  const names = await readdir(full);
  return (await Promise.all(names.map((name) => walk(place, posix.join(path, name))))).flat();
}

function link({ context }: Place, path: string, target: string): PackEntry {
  const leadsTo = posix.normalize(posix.join(posix.dirname(path), target));
  if (!posix.isAbsolute(target) && leadsTo !== '..' && !leadsTo.startsWith('../'))
    return { kind: 'link', path, target };
  throw new ActionFailure(
    `pack file "${path}" is a link to "${target}", which is not within the context ${context}; leave it out with "!${path}"`,
  );
}

function leftOut(patterns: readonly string[]): (path: string) => boolean {
  const tests = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .map((pattern) => posix.normalize(pattern.slice(1).replace(/\/+$/, '')))
    .map((pattern) => picomatch([pattern, `${pattern}/**`], { dot: true, windows: false, flags: 's' }));
  return (path) => tests.some((fits) => fits(path));
}

function parentsOf(path: string): readonly string[] {
  const parent = posix.dirname(path);
  return parent === '.' ? [] : [...parentsOf(parent), parent];
}
