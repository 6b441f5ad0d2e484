import type { CompositeRuns } from './action-file.ts';
import { inputsOfAction } from './action-inputs.ts';
import { stepScope } from './job-contexts.ts';
import type { Act, Frame, Job, Stage } from './job.ts';
import type { Conclusion } from './journal.ts';
import { runStage } from './run-stage.ts';
import { setOutput } from './step-files.ts';
import { type LocatedAction, titleOf, type UsingStep } from './step-stages.ts';
import { fillText } from './template.ts';

/** A step that uses a composite action: its steps run in a frame of their own. */
export function compositeStage(using: UsingStep, located: LocatedAction, runs: CompositeRuns): Stage {
  const { frame, template } = using;
  return {
    title: titleOf(template, ''),
    id: template.id,
    condition: template.condition,
    env: template.env,
    continueOnError: template.continueOnError,
    timeoutMinutes: template.timeoutMinutes,
    frame,
    perform: (act) => runComposite(act, { using, located, runs }),
  };
}

interface Composite {
  readonly using: UsingStep;
  readonly located: LocatedAction;
  readonly runs: CompositeRuns;
}

async function runComposite(act: Act, { using, located, runs }: Composite): Promise<Conclusion> {
  const inner = frameOf(act, using, located);
  const { job, step } = act;
  for (const template of runs.steps) {
    const { pre, main } = await using.stagesOf(job, inner, template);
    const stages = pre === undefined ? [main] : [pre, main];
    for (const stage of stages) await runStage(stoppable(job, act.signal), stage, step);
  }
  takeOutputs(act, inner, located);
  return inner.state.status;
}

function frameOf(act: Act, using: UsingStep, { action, source }: LocatedAction): Frame {
  const { values } = inputsOfAction(act, using, action);
  return {
    isJob: false,
    source,
    inputs: values,
    env: act.ownEnv,
    github: { action_path: action.folder, action_repository: source.repository, action_ref: source.ref },
    steps: {},
    state: { status: 'success' },
  };
}

// What stops the composite step, such as its time running out, stops the step inside that is running.
function stoppable(job: Job, signal: AbortSignal): Job {
  return { ...job, hardStop: AbortSignal.any([job.hardStop, signal]) };
}

function takeOutputs(act: Act, inner: Frame, { action }: LocatedAction): void {
  const scope = stepScope(act.job, inner, { env: act.env });
  for (const [name, value] of Object.entries(action.outputs)) setOutput(act, name, fillText(value, scope));
}
