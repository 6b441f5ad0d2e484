import type { ActionFile } from './action-file.ts';
import type { Frame, Job, Stage } from './job.ts';
import type { Source } from './sources.ts';
import { literal } from './template.ts';
import type { StepTemplate, UsesWork } from './workflow-file.ts';

/** The stages of a step: what runs before all steps, and what runs in its place. Post stages are added when the step begins. */
export interface StepStages {
  readonly pre: Stage | undefined;
  readonly main: Stage;
}

/** An action with where it comes from. */
export interface LocatedAction {
  readonly action: ActionFile;
  /** The repository that `$/` means inside the action. */
  readonly source: Source;
}

export type StageFinder = (job: Job, frame: Frame, template: StepTemplate) => Promise<StepStages>;

export interface UsingStep {
  readonly frame: Frame;
  readonly template: StepTemplate;
  readonly work: UsesWork;
  /** How the steps inside a composite action are found. */
  readonly stagesOf: StageFinder;
}

/** How a step is called in the log when it has no name. */
export function titlesOf(template: StepTemplate, prefix: string): Pick<Stage, 'title' | 'fallbackTitle'> {
  const { work, name } = template;
  const plain = work.kind === 'uses' ? work.uses : (literal(work.script) ?? 'a script').split('\n')[0];
  return {
    title: prefix === 'Run' ? name : undefined,
    fallbackTitle: `${prefix} ${literal(name) ?? plain ?? ''}`,
  };
}
