import type { ActionFile } from './action-file.ts';
import type { Act } from './job.ts';
import type { UsingStep } from './step-stages.ts';
import { fillText, fillTexts } from './template.ts';

export interface ActionInputs {
  readonly values: Readonly<Record<string, string>>;
  /** Given, but not declared by the action. */
  readonly unknown: readonly string[];
}

/** What the step gives, over the defaults of the action. Names are compared without regard to case. */
export function inputsOfAction(act: Act, using: UsingStep, action: ActionFile): ActionInputs {
  const given = fillTexts(using.work.with, act.scope);
  const declared = new Map(Object.keys(action.inputs).map((name) => [name.toLowerCase(), name]));
  const named = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [declared.get(name.toLowerCase()) ?? name, value]),
  );
  const defaults = Object.entries(action.inputs).map(
    ([name, value]) => [name, fillText(value, act.scope)] as const,
  );
  return {
    values: { ...Object.fromEntries(defaults), ...named },
    unknown: Object.keys(given).filter((name) => !declared.has(name.toLowerCase())),
  };
}
