import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { root } from './root.ts';

const run = promisify(execFile);

/** A git repository made from the example, as a team would have it. */
export interface Repository {
  readonly folder: string;
  /** Lays the files of a change over the tree and commits them; returns what a push event says. */
  readonly push: (change: string, message: string) => Promise<Push>;
}

export interface Push {
  readonly before: string;
  readonly after: string;
}

const NONE = '0'.repeat(40);

/**
 * Creates the repository in `folder` from `examples/mindmirror`; its first push is the whole tree. The one thing that a team of its own
 * would change in the manifest is changed here too: where the page finds the gateway.
 */
export async function createRepository(
  folder: string,
  gatewayUrl: string,
): Promise<Repository & { readonly first: Push }> {
  const example = join(root, 'examples/mindmirror');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await git(folder, ['init', '--quiet', '--initial-branch=main']);
  // What someone built in the example's folder is no part of it. The new repository is asked and not the checkout, which may be an archive without git.
  const ofExample = ['--git-dir', join(folder, '.git'), '--work-tree', example];
  const listed = await git(example, [...ofExample, 'ls-files', '-z', '--others', '--exclude-standard', '.']);
  const files = listed.split('\0').filter((file) => file !== '' && !file.startsWith('changes/'));
  await Promise.all(files.map((file) => cp(join(example, file), join(folder, file))));
  const manifest = join(folder, 'fairlead.yaml');
  const text = await readFile(manifest, 'utf8');
  await writeFile(manifest, text.replace(/(GATEWAY_URL: ).*/, `$1${gatewayUrl}/graphql`));
  const after = await commit(folder, 'Start MindMirror');
  return {
    folder,
    first: { before: NONE, after },
    push: async (change, message) => {
      const before = await head(folder);
      await cp(join(example, 'changes', change), folder, { recursive: true });
      return { before, after: await commit(folder, message) };
    },
  };
}

async function commit(folder: string, message: string): Promise<string> {
  await git(folder, ['add', '--all']);
  const author = ['-c', 'user.name=Demo', '-c', 'user.email=demo@example.com'];
  await git(folder, [...author, 'commit', '--quiet', '-m', message]);
  return head(folder);
}

function head(folder: string): Promise<string> {
  return git(folder, ['rev-parse', 'HEAD']);
}

// The same commits on every machine and in every run, so that images of an earlier run are found again; no settings of this user.
const FIXED = {
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

async function git(folder: string, args: readonly string[]): Promise<string> {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const env = { ...Object.fromEntries(own), ...FIXED };
  const { stdout } = await run('git', args, { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}
