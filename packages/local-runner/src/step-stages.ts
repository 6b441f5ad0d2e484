import type { ActionFile } from './action-file.ts';
import type { Frame, Job, Stage } from './job.ts';
import type { Source } from './sources.ts';
import { fillText } from './template.ts';
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
  /** Whether it lies in the workspace (`./path`), so that it belongs to no repository. */
  readonly isFromWorkspace: boolean;
}

type StageFinder = (job: Job, frame: Frame, template: StepTemplate) => Promise<StepStages>;

export interface UsingStep {
  readonly frame: Frame;
  readonly template: StepTemplate;
  readonly work: UsesWork;
  /** How the steps inside a composite action are found. */
  readonly stagesOf: StageFinder;
}

/** How a step is called in the log: by its name, or by what it runs. A name that cannot be evaluated is left out. */
export function titleOf(template: StepTemplate, part: 'Pre ' | 'Post ' | ''): Stage['title'] {
  const { work, name } = template;
  return (scope) => {
    try {
      const own = fillText(name, scope);
      if (own !== '') return `${part}${own}`;
      return `${part}Run ${work.kind === 'uses' ? work.uses : firstLine(fillText(work.script, scope))}`;
    } catch {
      return `${part}Run ${work.kind === 'uses' ? work.uses : 'a script'}`;
    }
  };
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
