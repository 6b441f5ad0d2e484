import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { type RunOptions, runWorkflow, type WorkflowRun } from './index.ts';

/** A git repository in a temporary folder, for tests. */
export interface TestRepository extends Disposable {
  readonly folder: string;
  /** Writes files, commits them and returns the commit. */
  readonly commit: (files: Readonly<Record<string, string>>) => string;
  readonly git: (...args: readonly string[]) => string;
}

export function testRepository(files: Readonly<Record<string, string>>): TestRepository {
  const folder = mkdtempSync(join(tmpdir(), 'repository-'));
  const git = (...args: readonly string[]) =>
    execFileSync(
      'git',
      ['-C', folder, '-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    ).trim();
  const commit = (changed: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(changed)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', 'change');
    return git('rev-parse', 'HEAD');
  };
  git('init', '--quiet', '--initial-branch', 'main');
  commit(files);
  return {
    folder,
    commit,
    git,
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const WORKFLOW = '.github/workflows/main.yml';

export interface TextRun extends Partial<RunOptions> {
  /** Other files of the repository. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Runs a workflow given as text in a repository of its own. */
export async function runText(text: string, { files = {}, ...options }: TextRun = {}): Promise<WorkflowRun> {
  using repository = testRepository({ [WORKFLOW]: text, ...files });
  return await runWorkflow({
    repository: repository.folder,
    workflow: WORKFLOW,
    event: { name: 'push', payload: {} },
    repositoryName: 'acme/mindmirror',
    times: { interruptMs: 50, terminateMs: 50 },
    ...options,
  });
}

/** Runs steps given as text, as a job called `job`. */
export function runSteps(steps: string, options: TextRun = {}): Promise<WorkflowRun> {
  const indented = steps.trim().replaceAll('\n', '\n      ');
  return runText(
    `on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n      ${indented}\n`,
    options,
  );
}

/** A folder with files that is gone at the end. */
export function testFolder(
  files: Readonly<Record<string, string>>,
): Disposable & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'folder-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    folder,
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** How each job ended, by its id. */
export function conclusionsOf({ jobs }: WorkflowRun): Readonly<Record<string, string>> {
  return Object.fromEntries(jobs.map(({ id, conclusion }) => [id, conclusion]));
}

/** What the workflow printed, without the echo of its scripts. */
export function printed(run: WorkflowRun, job = 'job'): readonly string[] {
  const lines: string[] = [];
  let isInGroup = false;
  for (const line of run.log(job).split('\n')) {
    if (line.startsWith('##[group]Run ')) isInGroup = true;
    if (!isInGroup) lines.push(line);
    if (line === '##[endgroup]') isInGroup = false;
  }
  return lines;
}
