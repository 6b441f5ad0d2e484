import { ActionFailure, type CommandResult, runCommand } from '@fairlead/action-kit';

/** What the actions ask of a checked-out repository. Revisions may come from anywhere: none can become an option. */
export interface Repository {
  /** Full ID of the commit that a revision names; undefined when it names none here. */
  readonly commit: (revision: string) => Promise<string | undefined>;
  /** Parents as the commit itself names them, whether or not a shallow clone has them. */
  readonly parents: (commit: string) => Promise<readonly string[]>;
  readonly mergeBase: (a: string, b: string) => Promise<string | undefined>;
  /** Fetches one commit without its history from `origin` and returns its ID; undefined when origin does not give it. */
  readonly fetchCommit: (revision: string) => Promise<string | undefined>;
  /** Paths whose content, mode or type differs; a renamed file counts at its old and at its new path. */
  readonly changedPaths: (base: string, head: string) => Promise<readonly string[]>;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function repositoryAt(folder: string, env: Environment): Repository {
  const git = gitIn(folder, env);
  return {
    commit: async (revision) => {
      if (!isRevision(revision)) return undefined;
      const { exitCode, stdout } = await git.may([
        'rev-parse',
        '--verify',
        '--quiet',
        `${revision}^{commit}`,
      ]);
      return exitCode === 0 ? stdout.trim() : undefined;
    },
    parents: async (commit) => {
      const { stdout } = await git.must(['cat-file', 'commit', commit]);
      const [header = ''] = stdout.split('\n\n', 1);
      return [...header.matchAll(/^parent ([0-9a-f]{40,64})$/gm)].map(([, parent = '']) => parent);
    },
    mergeBase: async (a, b) => {
      const { exitCode, stdout } = await git.may(['merge-base', a, b]);
      return exitCode === 0 ? stdout.trim() : undefined;
    },
    fetchCommit: async (revision) => {
      if (!isRevision(revision) || /[:+*]/.test(revision)) return undefined;
      const fetch = [
        'fetch',
        '--quiet',
        '--depth=1',
        '--no-tags',
        '--no-recurse-submodules',
        'origin',
        revision,
      ];
      const { exitCode } = await git.may(fetch);
      if (exitCode !== 0) return undefined;
      const { stdout } = await git.must(['rev-parse', '--verify', '--quiet', 'FETCH_HEAD^{commit}']);
      return stdout.trim();
    },
    changedPaths: async (base, head) => {
      const { stdout } = await git.must(['diff-tree', '-r', '-z', '--no-renames', '--name-only', base, head]);
      return stdout.split('\0').filter((path) => path !== '');
    },
  };
}

/** Plumbing alone, and nothing that the repository configures to be run. */
const SETTINGS = ['-c', 'safe.directory=*', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

function gitIn(folder: string, env: Environment) {
  const may = async (args: readonly string[]): Promise<CommandResult> => {
    const result = await runCommand('git', [...SETTINGS, ...args], {
      cwd: folder,
      env: { ...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' },
    });
    if (result.exitCode !== 0 && result.stderr.includes('not a git repository'))
      throw new ActionFailure(`"${folder}" is not in a git repository; check out the code before this step`);
    return result;
  };
  const must = async (args: readonly string[]): Promise<CommandResult> => {
    const result = await may(args);
    if (result.exitCode === 0) return result;
    throw new ActionFailure(`git ${args.join(' ')} ended with ${result.exitCode}: ${result.stderr.trim()}`);
  };
  return { may, must };
}

/** Text that git can only understand as a revision: no option, no second line, nothing that it would expand. */
function isRevision(text: string): boolean {
  return /^(?!-)[^\s\p{Cc}]{1,250}$/u.test(text);
}
