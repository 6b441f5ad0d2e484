import { join } from 'node:path';
import { type RunEvent, runWorkflow, type WorkflowRun } from '@fairlead/local-runner';

import type { Push, Repository } from './repository.ts';
import { root, workFolder } from './root.ts';

/** What every run of a workflow shares. */
export interface Stage {
  readonly repository: Repository;
  /** Variables of the repository, as its settings would hold them. */
  readonly vars: Readonly<Record<string, string>>;
  /** Environment of the runner: where the cloud is. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Runs the example's own `deliver.yml` as GitHub would after this push. */
export function deliver(stage: Stage, push: Push, onStep: (step: string) => void): Promise<WorkflowRun> {
  const event = { name: 'push', payload: { ref: 'refs/heads/main', before: push.before, after: push.after } };
  return run(stage, { workflow: '.github/workflows/deliver.yml', event, sha: push.after, onStep });
}

/** Runs the example's own `rollback.yml` as GitHub would after somebody pressed the button. */
export function rollBack(
  stage: Stage,
  request: { readonly sha: string; readonly inputs: Readonly<Record<string, string>> },
  onStep: (step: string) => void,
): Promise<WorkflowRun> {
  const event = { name: 'workflow_dispatch', payload: { ref: 'refs/heads/main', inputs: request.inputs } };
  return run(stage, { workflow: '.github/workflows/rollback.yml', event, sha: request.sha, onStep });
}

interface Asked {
  readonly workflow: string;
  readonly event: { readonly name: string; readonly payload: Readonly<Record<string, unknown>> };
  readonly sha: string;
  readonly onStep: (step: string) => void;
}

// Who presses Ctrl-C does not wait as long as a cancelled run on GitHub may take.
const WHEN_STOPPED = { interruptMs: 3000, terminateMs: 2000, graceMs: 3000 };

function run(stage: Stage, asked: Asked): Promise<WorkflowRun> {
  return runWorkflow({
    repository: stage.repository.folder,
    workflow: asked.workflow,
    event: asked.event,
    ref: 'refs/heads/main',
    sha: asked.sha,
    repositoryName: 'mindmirror/mindmirror',
    actor: 'demo',
    vars: stage.vars,
    secrets: {},
    env: stage.env,
    mappings: { 'fairlead/fairlead': root },
    workRoot: join(workFolder, 'runner'),
    signal: stage.signal,
    times: WHEN_STOPPED,
    onEvent: (event) => {
      const step = stepWorthSaying(event);
      if (step !== undefined) asked.onStep(step);
    },
  });
}

/** The steps that deliver something; that a job checks the repository out first is no news. */
function stepWorthSaying(event: RunEvent): string | undefined {
  if (event.kind !== 'step-started' || /^Run (?!\$\/)/.test(event.step)) return undefined;
  const unit = /\/build \(([^,]+)/.exec(event.job)?.[1];
  return unit === undefined ? event.step.replace(/^Run \$\/actions\//, '') : `build ${unit}`;
}

/** The reason of a red run in one line: its first error annotation, or the job that failed. */
export function reasonOf(run: WorkflowRun): string {
  const error = run.annotations.find(({ level }) => level === 'error');
  const job = run.jobs.find(({ conclusion }) => conclusion === 'failure');
  return error?.message ?? `job ${job?.name ?? 'unknown'} failed`;
}
