import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';

import { ActionFailure } from '@fairlead/action-kit';
import { credentialRule, type DockerIgnore, dockerIgnore } from '@fairlead/images';

import type { BuildRequest } from '../build-request.ts';
import { credentialFiles } from '../credential-files.ts';

/**
 * Throws when a file that holds credentials would be sent to the engine with the build context: `COPY . .` would have it in the image
 * (BP-24). Also throws when the Dockerfile or the context is not there.
 */
export async function checkContext({ context, dockerfile }: BuildRequest): Promise<void> {
  if (!(await isThere(context))) throw new ActionFailure(`the build context ${context} does not exist`);
  if (!(await isThere(dockerfile))) throw new ActionFailure(`the Dockerfile ${dockerfile} does not exist`);
  const ignore = dockerIgnore((await ignoreFile(context, dockerfile)) ?? '');
  const suspects = await suspectsIn({ context, ignore }, '.');
  const found = await credentialFiles(context, suspects);
  if (found.length === 0) return;
  const named = found
    .slice(0, 5)
    .map((path) => `"${path}"`)
    .join(', ');
  throw new ActionFailure(
    `credentials must not be in a build context, found ${named} in ${context}; name them in ${context}/.dockerignore`,
  );
}

/** The Dockerfile's own, which wins, or the context's. */
async function ignoreFile(context: string, dockerfile: string): Promise<string | undefined> {
  const own = await readFile(`${dockerfile}.dockerignore`, 'utf8').catch(() => undefined);
  return own ?? readFile(`${context}/.dockerignore`, 'utf8').catch(() => undefined);
}

interface Searching {
  readonly context: string;
  readonly ignore: DockerIgnore;
}

async function suspectsIn(searching: Searching, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(searching.context, folder), { withFileTypes: true });
  return (await Promise.all(entries.map((entry) => suspectsAt(searching, folder, entry)))).flat();
}

async function suspectsAt(searching: Searching, folder: string, entry: Dirent): Promise<readonly string[]> {
  const path = posix.join(folder, entry.name);
  const isIgnored = searching.ignore.ignores(path);
  if (entry.isDirectory())
    return (isIgnored && !searching.ignore.hasExceptions) || entry.name === '.git'
      ? []
      : suspectsIn(searching, path);
  return !isIgnored && entry.isFile() && credentialRule(path) !== undefined ? [path] : [];
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
