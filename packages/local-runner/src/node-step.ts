import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { NodeRuns } from './action-file.ts';
import { WorkflowError } from './failure.ts';
import { processEnv, runtimeEnv } from './job-contexts.ts';
import { inputsOfAction, type ActionInputs } from './action-inputs.ts';
import type { Act, Stage } from './job.ts';
import type { Conclusion } from './journal.ts';
import { runProcess } from './script-step.ts';
import { type LocatedAction, type StepStages, titleOf, type UsingStep } from './step-stages.ts';

/** A step that uses a JavaScript action. Its three parts share their state. */
export function nodeStages(using: UsingStep, located: LocatedAction, runs: NodeRuns): StepStages {
  const state: Record<string, string> = {};
  const { frame, template } = using;
  const stageOf = (part: 'Pre ' | 'Post ' | '', script: string, condition: string): Stage => ({
    title: titleOf(template, part),
    id: part === '' ? template.id : undefined,
    condition,
    env: template.env,
    continueOnError: template.continueOnError,
    timeoutMinutes: template.timeoutMinutes,
    frame,
    perform: (act) => runPart(act, { using, located, script, state }),
  });
  const main = stageOf('', runs.main, template.condition);
  const pre = runs.pre === undefined ? undefined : stageOf('Pre ', runs.pre, runs.preCondition);
  const post = runs.post === undefined ? undefined : stageOf('Post ', runs.post, runs.postCondition);
  return { pre, main: { ...main, perform: (act) => performWithPost(act, main, post) } };
}

function performWithPost(act: Act, main: Stage, post: Stage | undefined): Promise<Conclusion> {
  // Whatever the action is nested in, its clean-up looks at how the job fares.
  if (post !== undefined)
    act.job.post.push({ ...post, frame: { ...post.frame, state: act.job.frame.state } });
  return main.perform(act);
}

interface Part {
  readonly using: UsingStep;
  readonly located: LocatedAction;
  readonly script: string;
  readonly state: Record<string, string>;
}

function runPart(act: Act, { using, located, script, state }: Part): Promise<Conclusion> {
  const { job, step } = act;
  const { action } = located;
  const path = join(action.folder, script);
  if (!existsSync(path)) {
    throw new WorkflowError(
      `action "${using.work.uses}" runs ${script}, which is not at ${path}; was it built?`,
    );
  }
  const { values, unknown } = inputsOfAction(act, using, action);
  if (unknown.length > 0) {
    step.warning(
      `Unexpected input(s) ${quoted(unknown)}, valid inputs are [${quoted(Object.keys(action.inputs))}]`,
    );
  }
  step.line(`##[group]Run ${using.work.uses}`);
  for (const [name, value] of Object.entries(values)) step.line(`  ${name}: ${value}`);
  step.line('##[endgroup]');
  return runProcess(act, {
    program: job.run.nodePath,
    args: [path],
    cwd: job.workspace,
    env: {
      ...processEnv(act),
      ...runtimeEnv(job),
      ...sourceEnv(located),
      ...inputEnv(values),
      ...Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value])),
    },
    state,
  });
}

function sourceEnv({ source, isFromWorkspace }: LocatedAction): Readonly<Record<string, string>> {
  return isFromWorkspace
    ? {}
    : { GITHUB_ACTION_REPOSITORY: source.repository, GITHUB_ACTION_REF: source.ref };
}

function inputEnv(values: ActionInputs['values']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  );
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
