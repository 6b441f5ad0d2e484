import { type ActionContext, InputError, type Inputs } from '@fairlead/action-kit';
import { type DeploymentInputs, parseDeploymentInputs } from '@fairlead/manifest-file';

type BaseInput =
  { readonly kind: 'auto' | 'all' | 'serving' } | { readonly kind: 'revision'; readonly revision: string };

export interface DetectInputs extends DeploymentInputs {
  readonly base: BaseInput;
  /** Unit to the commit that it is compared with; empty text where it is not deployed yet. Wins over `base`. */
  readonly bases: ReadonlyMap<string, string>;
  readonly head: string;
  readonly workspace: string;
  readonly eventName: string;
  /** File that holds the event; absent outside of GitHub. */
  readonly eventPath: string | undefined;
  /** Ref that the run is about, such as `refs/heads/main` or `refs/pull/7/merge`. */
  readonly runRef: string;
}

export function parse(context: Pick<ActionContext, 'inputs' | 'env'>): DetectInputs {
  const { inputs, env } = context;
  return {
    ...parseDeploymentInputs(context),
    base: baseInput(inputs.text('base') ?? 'auto'),
    bases: basesInput(inputs),
    head: inputs.text('head') ?? env['GITHUB_SHA'] ?? 'HEAD',
    workspace: env['GITHUB_WORKSPACE'] ?? '.',
    eventName: env['GITHUB_EVENT_NAME'] ?? '',
    eventPath: env['GITHUB_EVENT_PATH'],
    runRef: env['GITHUB_REF'] ?? '',
  };
}

function baseInput(text: string): BaseInput {
  return text === 'auto' || text === 'all' || text === 'serving'
    ? { kind: text }
    : { kind: 'revision', revision: text };
}

function basesInput(inputs: Inputs): ReadonlyMap<string, string> {
  const written = inputs.json('bases') ?? {};
  const entries =
    typeof written === 'object' && !Array.isArray(written) ? Object.entries(written) : undefined;
  if (entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
    return new Map(entries);
  throw new InputError(
    `input "bases" must be a JSON map of unit to commit, such as {"habits":"1a2b3c4"}, got "${inputs.text('bases') ?? ''}"`,
  );
}
