import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { changedSince, repositoryAt } from './index.ts';

const ZEROS = '0'.repeat(40);

/** A real repository in a folder of its own, which goes when the test ends. */
function temporaryRepository() {
  const root = mkdtempSync(join(tmpdir(), 'fairlead-git-'));
  const folder = join(root, 'work');
  mkdirSync(folder);
  const git = (...args: readonly string[]) => gitAt(folder, args);
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const commit = (files: Readonly<Record<string, string | undefined>>) => {
    for (const [path, content] of Object.entries(files)) put(join(folder, path), content);
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message=x');
    return git('rev-parse', 'HEAD');
  };
  return {
    root,
    folder,
    git,
    commit,
    /** A clone as actions/checkout makes it: the last commit alone. */
    shallow: () => {
      gitAt(root, ['clone', '--quiet', '--depth=1', `file://${folder}`, 'shallow']);
      return join(root, 'shallow');
    },
    [Symbol.dispose]: () => {
      rmSync(root, { recursive: true });
    },
  };
}

function gitAt(folder: string, args: readonly string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

function put(path: string, content: string | undefined): void {
  if (content === undefined) {
    rmSync(path);
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

describe('changed paths', () => {
  test('are those added, edited and deleted', async () => {
    using repository = temporaryRepository();
    const base = repository.commit({ 'a/kept': '1', 'a/edited': '1', 'b/deleted': '1' });
    const head = repository.commit({ 'a/edited': '2', 'b/deleted': undefined, 'c/added': '1' });

    expect(await repositoryAt(repository.folder, process.env).changedPaths(base, head)).toEqual([
      'a/edited',
      'b/deleted',
      'c/added',
    ]);
  });

  test('name both sides of a rename, so that the unit that lost the file is told', async () => {
    using repository = temporaryRepository();
    const base = repository.commit({ 'a/file': 'the same text\n' });
    const head = repository.commit({ 'a/file': undefined, 'b/file': 'the same text\n' });

    expect(await repositoryAt(repository.folder, process.env).changedPaths(base, head)).toEqual([
      'a/file',
      'b/file',
    ]);
  });

  test('hold a file that became a link, and one that became executable', async () => {
    using repository = temporaryRepository();
    const base = repository.commit({ link: 'x', run: 'x' });
    rmSync(join(repository.folder, 'link'));
    symlinkSync('run', join(repository.folder, 'link'));
    repository.git('update-index', '--chmod=+x', 'run');
    repository.git('add', 'link');
    repository.git('commit', '--quiet', '--message=x');

    expect(await repositoryAt(repository.folder, process.env).changedPaths(base, 'HEAD')).toEqual([
      'link',
      'run',
    ]);
  });

  test('are none when a change was taken back', async () => {
    using repository = temporaryRepository();
    const base = repository.commit({ a: '1' });
    repository.commit({ a: '2' });
    const head = repository.commit({ a: '1' });

    expect(await repositoryAt(repository.folder, process.env).changedPaths(base, head)).toEqual([]);
  });

  test.each([
    ['a newline', 'a/new\nline.py'],
    ['a tab', 'a/t\tab.py'],
    ['a leading dash', '-rf'],
    ['quotes and a backslash', 'a/"quo\'te\\.py'],
    ['letters of other scripts', 'a/ünï-文.py'],
    ['a command', 'a/$(id);`id`.py'],
    ['an annotation', 'a/::error::x'],
    ['nothing but blanks', 'a/ '],
  ])('keep a name with %s as it is', async (_, path) => {
    using repository = temporaryRepository();
    const base = repository.commit({ other: '1' });
    const head = repository.commit({ [path]: '1' });

    expect(await repositoryAt(repository.folder, process.env).changedPaths(base, head)).toEqual([path]);
  });

  test('do not depend on what the repository configures', async () => {
    using repository = temporaryRepository();
    const base = repository.commit({ 'a/old': 'the same text\n' });
    const head = repository.commit({ 'a/old': undefined, 'a/ü': 'the same text\n' });
    repository.git('config', 'diff.renames', 'copies');
    repository.git('config', 'diff.external', 'false');
    repository.git('config', 'core.quotepath', 'true');

    expect(await repositoryAt(repository.folder, process.env).changedPaths(base, head)).toEqual([
      'a/old',
      'a/ü',
    ]);
  });
});

describe('commits', () => {
  test.each([['HEAD'], ['HEAD~0'], ['main'], ['refs/heads/main']])(
    'are found by the name %s',
    async (revision) => {
      using repository = temporaryRepository();
      const head = repository.commit({ a: '1' });

      expect(await repositoryAt(repository.folder, process.env).commit(revision)).toBe(head);
    },
  );

  test.each([['--help'], ['a b'], ['x\ny'], [''], ['HEAD:a'], ['nothing'], [ZEROS], ['HEAD --all']])(
    'are not found by %j, and it harms nothing',
    async (revision) => {
      using repository = temporaryRepository();
      repository.commit({ a: '1' });

      expect(await repositoryAt(repository.folder, process.env).commit(revision)).toBeUndefined();
    },
  );

  test('of a folder that is no repository are a clear failure', async () => {
    using repository = temporaryRepository();

    await expect(repositoryAt(repository.root, process.env).commit('HEAD')).rejects.toThrow(
      `"${repository.root}" is not in a git repository; check out the code before this step`,
    );
  });

  test('tell their parents in a shallow clone too', async () => {
    using repository = temporaryRepository();
    const first = repository.commit({ a: '1' });
    const second = repository.commit({ a: '2' });

    expect(await repositoryAt(repository.shallow(), process.env).parents(second)).toEqual([first]);
  });

  test('have a merge base, or none when they share no history', async () => {
    using repository = temporaryRepository();
    const base = repository.commit({ a: '1' });
    const main = repository.commit({ a: '2' });
    repository.git('checkout', '--quiet', '-b', 'side', base);
    const side = repository.commit({ b: '1' });
    repository.git('checkout', '--quiet', '--orphan', 'other');
    const other = repository.commit({ c: '1' });

    const { mergeBase } = repositoryAt(repository.folder, process.env);

    expect([await mergeBase(main, side), await mergeBase(main, other)]).toEqual([base, undefined]);
  });
});

describe('what changed since a base', () => {
  test('is known in a shallow clone, by fetching that one commit', async () => {
    using repository = temporaryRepository();
    repository.commit({ old: '1' });
    const base = repository.commit({ a: '1' });
    repository.commit({ a: '2' });
    const head = repository.commit({ b: '1' });
    const clone = repository.shallow();

    const changed = await changedSince(repositoryAt(clone, process.env), base, head);

    expect(changed).toEqual({ kind: 'paths', base, paths: ['a', 'b'] });
    expect(gitAt(clone, ['rev-list', '--all', '--reflog', base]).split('\n')).toHaveLength(2);
  });

  test('is known against a branch that only origin has', async () => {
    using repository = temporaryRepository();
    const base = repository.commit({ a: '1' });
    repository.git('branch', 'stable');
    const head = repository.commit({ b: '1' });

    expect(await changedSince(repositoryAt(repository.shallow(), process.env), 'stable', head)).toEqual({
      kind: 'paths',
      base,
      paths: ['b'],
    });
  });

  test.each([
    ['a first push', ZEROS, 'first push, there is no commit before it'],
    ['a commit that is gone', 'a'.repeat(40), 'commit aaaaaaa is neither here nor at origin'],
    ['an option', '--upload-pack=touch x', 'commit "--upload-pack=touch x" is neither here nor at origin'],
    ['a refspec', 'HEAD:refs/heads/x', 'commit "HEAD:refs/heads/x" is neither here nor at origin'],
  ])('is unknown, never nothing, for %s', async (_, base, because) => {
    using repository = temporaryRepository();
    const head = repository.commit({ a: '1' });

    expect(await changedSince(repositoryAt(repository.shallow(), process.env), base, head)).toEqual({
      kind: 'unknown',
      because,
    });
  });
});
