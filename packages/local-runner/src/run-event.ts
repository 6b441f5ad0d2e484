import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { createConcurrencyRegistry } from './concurrency.ts';
import { isTriggered, type Trigger } from './filters.ts';
import { isRecord, type Json, jsonOf } from './json.ts';
import type { RunOptions } from './options.ts';
import { runWorkflow, type WorkflowRun } from './run-workflow.ts';
import { readWorkflow } from './workflow-file.ts';

const FOLDER = '.github/workflows';
const run = promisify(execFile);

/** Runs every workflow of the repository's commit that asks for the event; the runs by the path of their file. */
export async function runEvent(
  options: Omit<RunOptions, 'workflow'>,
): Promise<ReadonlyMap<string, WorkflowRun>> {
  const { repository, sha = 'HEAD' } = options;
  const trigger = await triggerOf(options, sha);
  const listed = await git(repository, 'ls-tree', '--name-only', sha, `${FOLDER}/`);
  const paths = listed.split('\n').filter((path) => /\.ya?ml$/.test(path));
  const files = await Promise.all(
    paths.map(async (path) => ({
      path,
      file: await readWorkflow({ name: path, text: await git(repository, 'show', `${sha}:${path}`) }),
    })),
  );
  const wanted = files.filter(({ file }) => isTriggered(file.on, trigger));
  const concurrency = options.concurrency ?? createConcurrencyRegistry();
  const runs = wanted.map(async ({ path }, index) => {
    const runId = (options.runId ?? 1) + index;
    return [path, await runWorkflow({ ...options, workflow: path, concurrency, runId })] as const;
  });
  return new Map(await Promise.all(runs));
}

async function triggerOf(options: Omit<RunOptions, 'workflow'>, sha: string): Promise<Trigger> {
  const payload = jsonOf(options.event.payload);
  const base = textAt(payload, 'pull_request', 'base', 'ref');
  const before = textAt(payload, 'before') ?? textAt(payload, 'pull_request', 'base', 'sha');
  return {
    name: options.event.name,
    action: textAt(payload, 'action'),
    ref: options.ref ?? 'refs/heads/main',
    base,
    changedPaths: await changedPaths(options.repository, before, sha),
  };
}

// Without an earlier commit every file counts as changed, as it does for a new branch.
async function changedPaths(
  repository: string,
  before: string | undefined,
  sha: string,
): Promise<readonly string[]> {
  const isNew = before === undefined || /^0+$/.test(before);
  const listed = isNew
    ? await git(repository, 'ls-tree', '-r', '-z', '--name-only', sha)
    : await git(repository, 'diff', '-z', '--name-only', before, sha);
  return listed.split('\0').filter((path) => path !== '');
}

function textAt(value: Json, ...names: readonly string[]): string | undefined {
  const found = names.reduce<Json>(
    (at, name) => (at !== undefined && isRecord(at) ? at[name] : undefined),
    value,
  );
  return typeof found === 'string' ? found : undefined;
}

async function git(folder: string, ...args: readonly string[]): Promise<string> {
  return (await run('git', ['-C', folder, ...args], { maxBuffer: 64 * 1024 * 1024 })).stdout;
}
