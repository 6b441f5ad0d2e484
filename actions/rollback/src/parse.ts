import { type ActionContext, InputError } from '@fairlead/action-kit';
import type { ServiceName } from '@fairlead/cloud-run';
import { type Endpoint, endpointOf } from '@fairlead/google';
import { type DeploymentInputs, parseDeploymentInputs } from '@fairlead/manifest-file';
import { parseReleases, type StagedUnit } from '@fairlead/rollout';

/** One unit whose traffic is to go back. */
export interface Returning {
  readonly unit: string;
  readonly kind: StagedUnit['kind'];
  readonly name: ServiceName;
  /** The revision that the release to be taken back had brought. */
  readonly candidate?: string;
}

export interface RollbackInputs {
  readonly from:
    | { readonly kind: 'units'; readonly units: readonly Returning[] }
    | { readonly kind: 'manifest'; readonly deployment: DeploymentInputs };
  readonly to: string | undefined;
  readonly reason: string | undefined;
  readonly deadlineMs: number;
  readonly endpoint: Endpoint;
}

type Told = Pick<ActionContext, 'inputs' | 'env'>;

export function parse(told: Told): RollbackInputs {
  const { inputs, env } = told;
  return {
    from: sourceOf(told),
    to: inputs.text('to'),
    reason: inputs.text('reason'),
    deadlineMs: inputs.duration('timeout') ?? 300_000,
    endpoint: endpointOf(env, 'run'),
  };
}

// Nothing named means nothing rolled back: a whole environment is never taken back by leaving an input empty.
function sourceOf(told: Told): RollbackInputs['from'] {
  const { inputs } = told;
  const given = (['service', 'release', 'units'] as const).filter((name) => inputs.text(name) !== undefined);
  if (given.length !== 1)
    throw new InputError(
      `exactly one of the inputs "service", "release" and "units" is required, got ${given.map((name) => `"${name}"`).join(' and ') || 'none'}`,
    );
  if (given[0] === 'units') return { kind: 'manifest', deployment: parseDeploymentInputs(told) };
  const units =
    given[0] === 'service' ? plainUnits(told) : parseReleases(inputs.required('release')).map(releasedUnit);
  return { kind: 'units', units };
}

function plainUnits({ inputs }: Told): readonly Returning[] {
  const place = { project: inputs.required('project'), region: inputs.required('region') };
  return inputs
    .list('service')
    .map((service) => ({ unit: service, kind: 'service', name: { ...place, service } }));
}

function releasedUnit({ unit, kind, project, region, service, revision }: StagedUnit): Returning {
  return { unit, kind, name: { project, region, service }, candidate: revision };
}
