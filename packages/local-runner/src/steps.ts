import { join } from 'node:path';

import { readAction } from './action-file.ts';
import { compositeStage } from './composite-step.ts';
import { WorkflowError } from './failure.ts';
import type { Frame, Job, Stage } from './job.ts';
import { nodeStages } from './node-step.ts';
import { scriptStage } from './script-step.ts';
import { remoteReference } from './sources.ts';
import { type LocatedAction, type StepStages, titleOf, type UsingStep } from './step-stages.ts';
import type { StepTemplate } from './workflow-file.ts';

/**
 * Finds what a step runs. Actions of other repositories are looked up at once, those of the workspace when the step
 * begins, and so are those that are not on this machine: a step that is skipped needs no mapping.
 */
export async function stagesOf(job: Job, frame: Frame, template: StepTemplate): Promise<StepStages> {
  const { work } = template;
  if (work.kind === 'run') return { pre: undefined, main: scriptStage(frame, template, work) };
  const using = { frame, template, work, stagesOf };
  if (isKnown(job, work.uses)) return stagesOfAction(using, await locate(job, frame, work.uses));
  return { pre: undefined, main: lateStage(job, using) };
}

function isKnown(job: Job, uses: string): boolean {
  if (uses.startsWith('./')) return false;
  return /^(\$\/|docker:)/.test(uses) || job.run.sources.isMapped(remoteReference(uses));
}

function stagesOfAction(using: UsingStep, located: LocatedAction): StepStages {
  return located.action.runs.kind === 'node'
    ? nodeStages(using, located, located.action.runs)
    : { pre: undefined, main: compositeStage(using, located, located.action.runs) };
}

async function locate(job: Job, frame: Frame, uses: string): Promise<LocatedAction> {
  if (uses.startsWith('docker://')) {
    throw new WorkflowError(
      `"${uses}" needs a container, which is not supported here; use a JavaScript or composite action`,
    );
  }
  if (uses.startsWith('$/')) {
    return {
      action: readAction(join(frame.source.folder, uses.slice(2)), uses),
      source: frame.source,
      isFromWorkspace: false,
    };
  }
  if (uses.startsWith('./')) {
    return {
      action: readAction(join(job.workspace, uses), uses),
      source: frame.source,
      isFromWorkspace: true,
    };
  }
  const reference = remoteReference(uses);
  const source = await job.run.sources.mapped(reference);
  return { action: readAction(join(source.folder, reference.path), uses), source, isFromWorkspace: false };
}

function lateStage(job: Job, using: UsingStep): Stage {
  const { frame, template, work } = using;
  return {
    title: titleOf(template, ''),
    id: template.id,
    condition: template.condition,
    env: template.env,
    continueOnError: template.continueOnError,
    timeoutMinutes: template.timeoutMinutes,
    frame,
    perform: async (act) => stagesOfAction(using, await locate(job, frame, work.uses)).main.perform(act),
  };
}
