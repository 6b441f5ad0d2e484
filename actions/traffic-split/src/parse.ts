import { type ActionContext, InputError } from '@fairlead/action-kit';
import { type Endpoint, endpointOf } from '@fairlead/google';
import { type DeploymentInputs, parseDeploymentInputs } from '@fairlead/manifest-file';
import { parseReleases, parseSteps, type StagedUnit } from '@fairlead/rollout';

/** What is to be moved: of a staged unit, all that a shift needs. */
export type Mover = Pick<
  StagedUnit,
  'unit' | 'kind' | 'project' | 'region' | 'service' | 'revision' | 'version'
>;

export interface SplitInputs {
  readonly movers: readonly Mover[];
  /** Absent: what the manifest says. */
  readonly steps: readonly number[] | undefined;
  readonly intervalMs: number | undefined;
  /** Absent: no manifest is looked for. */
  readonly deployment: DeploymentInputs;
  readonly isForced: boolean;
  readonly deadlineMs: number;
  readonly endpoint: Endpoint;
}

export function parse(told: Pick<ActionContext, 'inputs' | 'env'>): SplitInputs {
  const { inputs, env } = told;
  const steps = inputs.text('steps');
  return {
    movers: moversOf(told),
    steps: steps === undefined ? undefined : parseSteps(steps),
    intervalMs: inputs.duration('interval'),
    deployment: parseDeploymentInputs(told),
    isForced: inputs.flag('force') ?? false,
    deadlineMs: inputs.duration('timeout') ?? 300_000,
    endpoint: endpointOf(env, 'run'),
  };
}

function moversOf({ inputs }: Pick<ActionContext, 'inputs'>): readonly Mover[] {
  const release = inputs.text('release');
  const service = inputs.text('service');
  if (release !== undefined && service !== undefined)
    throw new InputError('inputs "release" and "service" exclude each other; leave one of them empty');
  if (release !== undefined) return parseReleases(release);
  if (service === undefined) throw new InputError('one of the inputs "release" and "service" is required');
  const revision = inputs.required('revision');
  return [
    {
      unit: service,
      kind: 'service',
      project: inputs.required('project'),
      region: inputs.required('region'),
      service,
      revision,
      version: revision,
    },
  ];
}
