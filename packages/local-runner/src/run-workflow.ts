import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

import { inputsOfDispatch } from './call-values.ts';
import { callWorkflow } from './call-workflow.ts';
import { RUNNER_LADDER } from './child.ts';
import { createConcurrencyRegistry } from './concurrency.ts';
import { githubOf } from './github-context.ts';
import { type Conclusion, createJournal, type RunEvent, type Summary } from './journal.ts';
import { isRecord, jsonOf, type JsonRecord } from './json.ts';
import { createMasks } from './masks.ts';
import type { RunOptions } from './options.ts';
import { DEFAULT_PERMISSIONS } from './permissions.ts';
import type { Ended, JobAnnotation, JobResult, Run, WorkflowCall } from './run.ts';
import { createSlots } from './slots.ts';
import { openSources, type Sources } from './sources.ts';
import { loadTree, type WorkflowTree } from './workflow-tree.ts';

export interface WorkflowRun {
  readonly conclusion: 'success' | 'failure' | 'cancelled';
  /** In the order in which they ended. */
  readonly jobs: readonly JobResult[];
  readonly annotations: readonly JobAnnotation[];
  readonly summaries: readonly Summary[];
  readonly events: readonly RunEvent[];
  /** The log of a job by its id or name; empty for a job that did not run. */
  readonly log: (job: string) => string;
}

/**
 * Runs a workflow of a local repository on this machine, without isolation: its steps are processes of this user.
 * A job that fails is part of the result; a workflow that cannot run as it is written throws a `WorkflowError`
 * before any job starts.
 */
export async function runWorkflow(options: RunOptions): Promise<WorkflowRun> {
  const folder = openFolder(options);
  try {
    const sources = await openSources({
      repository: resolve(options.repository),
      repositoryName: repositoryNameOf(options),
      ref: refOf(options),
      sha: options.sha,
      mappings: mappingsOf(options),
      folder: join(folder, 'repository'),
    });
    const tree = await loadTree({ source: sources.home, path: options.workflow }, sources);
    const run = openRun(options, { sources, tree, folder });
    return resultOf(run, await runTree(options, run, tree));
  } finally {
    if (options.workRoot === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function openFolder({ workRoot }: RunOptions): string {
  const root = workRoot === undefined ? tmpdir() : resolve(workRoot);
  mkdirSync(root, { recursive: true });
  return mkdtempSync(join(root, 'run-'));
}

function repositoryNameOf({ repositoryName, repository }: RunOptions): string {
  return repositoryName ?? `local/${basename(resolve(repository))}`;
}

function mappingsOf({ mappings = {} }: RunOptions): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(mappings).map(([name, folder]) => [name, resolve(folder)]));
}

function refOf({ ref }: RunOptions): string {
  return ref ?? 'refs/heads/main';
}

interface Opened {
  readonly sources: Sources;
  readonly tree: WorkflowTree;
  readonly folder: string;
}

function openRun(options: RunOptions, { sources, tree, folder }: Opened): Run {
  const masks = createMasks();
  for (const secret of Object.values(options.secrets ?? {})) masks.add(secret);
  const event = jsonOf(options.event.payload ?? {});
  const repositories = { ...mappingsOf(options), [repositoryNameOf(options)]: resolve(options.repository) };
  return {
    sources,
    masks,
    journal: createJournal(masks, options.onEvent),
    slots: createSlots(options.parallel ?? 4),
    concurrency: options.concurrency ?? createConcurrencyRegistry(),
    addresses: options.github ?? {},
    nodePath: options.nodePath ?? process.execPath,
    times: { ...RUNNER_LADDER, graceMs: 300_000, minuteMs: 60_000, ...options.times },
    folder,
    baseEnv: { ...ownEnvironment(), LOCAL_RUNNER_REPOSITORIES: JSON.stringify(repositories), ...options.env },
    vars: options.vars ?? {},
    event,
    eventText: JSON.stringify(options.event.payload ?? {}, undefined, 2),
    github: githubOf(options, { source: sources.home, event, tree }),
    jobs: [],
    annotations: [],
    summaries: [],
  };
}

// A self-hosted runner gives its environment to every step; what belongs to a run or a test around us is not ours to give.
function ownEnvironment(): Readonly<Record<string, string>> {
  const foreign = /^(GITHUB_|ACTIONS_|RUNNER_|INPUT_|STATE_|JEST_|NODE_OPTIONS$|NODE_ENV$|CI$|GIT_)/;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || foreign.test(name) ? [] : [[name, value]],
    ),
  );
}

async function runTree(options: RunOptions, run: Run, tree: WorkflowTree): Promise<Ended> {
  const { event } = options;
  const startMs = Date.now();
  run.journal.note({
    kind: 'workflow-started',
    workflow: tree.path,
    event: event.name,
    sha: tree.source.sha,
  });
  const call: WorkflowCall = {
    tree,
    inputs: inputsOfEvent(run, tree),
    secrets: options.secrets ?? {},
    permissions: DEFAULT_PERMISSIONS,
    callers: [],
    groups: [],
    signal: options.signal ?? new AbortController().signal,
  };
  const ended = await callWorkflow(run, call);
  run.journal.note({
    kind: 'workflow-ended',
    conclusion: conclusionOf(ended.result),
    seconds: (Date.now() - startMs) / 1000,
  });
  return ended;
}

function inputsOfEvent(run: Run, tree: WorkflowTree): JsonRecord {
  const given = run.event !== undefined && isRecord(run.event) ? run.event['inputs'] : undefined;
  const scope = { contexts: { github: run.github, vars: run.vars } };
  return inputsOfDispatch(tree.file, given !== undefined && isRecord(given) ? given : {}, scope);
}

function conclusionOf(result: Conclusion): WorkflowRun['conclusion'] {
  return result === 'skipped' ? 'success' : result;
}

function resultOf({ jobs, annotations, summaries, journal }: Run, ended: Ended): WorkflowRun {
  const log = (wanted: string) => {
    const ids = jobs.filter(({ id, name }) => id === wanted || name === wanted).map(({ id }) => id);
    const lines = journal.events.flatMap((event) =>
      event.kind === 'log' && ids.includes(event.job) ? [event.line] : [],
    );
    return lines.join('\n');
  };
  return {
    conclusion: conclusionOf(ended.result),
    jobs,
    annotations,
    summaries,
    events: journal.events,
    log,
  };
}
