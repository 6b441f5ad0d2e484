import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { reasonOf, WorkflowError } from './failure.ts';

/** A repository at one commit, as a folder. */
export interface Source {
  /** `OWNER/REPO`. */
  readonly repository: string;
  readonly folder: string;
  readonly sha: string;
  readonly ref: string;
}

export interface Sources {
  /** The repository that the run belongs to, at the run's commit. */
  readonly home: Source;
  readonly isMapped: (reference: RemoteReference) => boolean;
  /** The local folder of `OWNER/REPO@ref`; throws a `WorkflowError` that says what to map. */
  readonly mapped: (reference: RemoteReference) => Promise<Source>;
}

/** `OWNER/REPO/path@ref`. */
export interface RemoteReference {
  readonly repository: string;
  readonly path: string;
  readonly ref: string;
}

export interface SourcesOptions {
  readonly repository: string;
  readonly repositoryName: string;
  readonly ref: string;
  readonly sha: string | undefined;
  readonly mappings: Readonly<Record<string, string>>;
  /** Where the snapshot of the repository goes. */
  readonly folder: string;
}

const DOUBLES = join(import.meta.dirname, '..', 'doubles');
const NO_COMMIT = '0'.repeat(40);
const run = promisify(execFile);

/** Takes a snapshot of the repository at the run's commit, so that what is not committed plays no part, as on GitHub. */
export async function openSources(options: SourcesOptions): Promise<Sources> {
  const { repository, repositoryName, ref, folder } = options;
  const sha = options.sha ?? (await git(repository, 'rev-parse', 'HEAD'));
  await git(repository, 'clone', '--quiet', '--shared', '--no-checkout', repository, folder);
  await git(folder, 'checkout', '--quiet', '--detach', sha);
  const mappings = { 'actions/checkout': join(DOUBLES, 'checkout'), ...options.mappings };
  const byName = new Map(Object.entries(mappings).map(([name, path]) => [name.toLowerCase(), path]));
  return {
    home: { repository: repositoryName, folder, sha, ref },
    isMapped: (reference) => byName.has(reference.repository.toLowerCase()),
    mapped: (reference) => mappedSource(reference, byName.get(reference.repository.toLowerCase())),
  };
}

/** The parts of `OWNER/REPO/path@ref`; throws for anything else. */
export function remoteReference(uses: string): RemoteReference {
  const [, repository = '', path = '', ref = ''] =
    /^([^/@\s]+\/[^/@\s]+)(?:\/([^@]*))?@(\S+)$/.exec(uses) ?? [];
  if (repository === '') {
    throw new WorkflowError(`uses must be "./path", "$/path" or "OWNER/REPO/path@ref", got "${uses}"`);
  }
  return { repository, path, ref };
}

async function mappedSource(reference: RemoteReference, folder: string | undefined): Promise<Source> {
  const { repository, ref } = reference;
  if (folder === undefined) {
    throw new WorkflowError(
      `"${repository}" is not on this machine: map it to a folder with mappings: { '${repository}': '/path/to/it' }`,
    );
  }
  if (!existsSync(folder))
    throw new WorkflowError(`"${repository}" is mapped to ${folder}, which does not exist`);
  return { repository, folder, ref, sha: await commitOf(folder) };
}

// A mapped folder need not be a repository.
async function commitOf(folder: string): Promise<string> {
  try {
    return await git(folder, 'rev-parse', 'HEAD');
  } catch {
    return NO_COMMIT;
  }
}

async function git(folder: string, ...args: readonly string[]): Promise<string> {
  try {
    return (await run('git', ['-C', folder, ...args])).stdout.trim();
  } catch (thrown) {
    throw new WorkflowError(`git ${args.join(' ')} in ${folder}: ${reasonOf(thrown)}`, { cause: thrown });
  }
}
