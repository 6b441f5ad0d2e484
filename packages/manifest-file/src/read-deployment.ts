import { type ActionContext, ActionFailure, InputError, type Inputs } from '@fairlead/action-kit';
import {
  type DeployedUnit,
  type Deployment,
  deploymentOf,
  didYouMean,
  type Environment,
  environmentFor,
  environmentNamed,
  type Manifest,
} from '@fairlead/manifest';

import { loadManifest } from './load-manifest.ts';

/** The inputs that every manifest-driven action has, as they were written. */
export interface DeploymentInputs {
  /** `fairlead.yaml` unless written. */
  readonly manifest: string;
  /** Absent: the environment that the ref maps to. */
  readonly environment: string | undefined;
  readonly ref: string;
  /** Absent: all units; an empty list, written as `[]`, selects none. */
  readonly units: readonly string[] | undefined;
  readonly project: string | undefined;
  readonly region: string | undefined;
  readonly registry: string | undefined;
}

/** A deployment and the units of it that this step is about. */
export type SelectedDeployment = Deployment & { readonly selected: readonly DeployedUnit[] };

/** Reads the shared inputs, before anything else is read. */
export function parseDeploymentInputs({
  inputs,
  env,
}: Pick<ActionContext, 'inputs' | 'env'>): DeploymentInputs {
  return {
    manifest: inputs.text('manifest') ?? 'fairlead.yaml',
    ref: refOf(env),
    environment: inputs.text('environment'),
    units: nameList(inputs, 'units'),
    project: inputs.text('project'),
    region: inputs.text('region'),
    registry: inputs.text('registry'),
  };
}

/** Parses the shared inputs, loads the manifest and resolves what they select. */
export async function readDeployment(context: ActionContext): Promise<SelectedDeployment> {
  const parsed = parseDeploymentInputs(context);
  const manifest = await loadManifest(context, parsed.manifest);
  const deployment = resolveDeployment(manifest, parsed);
  if (deployment !== undefined) return deployment;
  const known = manifest.environments.map(({ name }) => `"${name}"`).join(', ');
  throw new ActionFailure(
    `"${parsed.ref}" maps to no environment of ${parsed.manifest}; set the input "environment" to one of ${known}`,
  );
}

/** What the inputs select of a manifest; undefined when no environment is named and the ref maps to none. */
export function resolveDeployment(
  manifest: Manifest,
  inputs: DeploymentInputs,
): SelectedDeployment | undefined {
  const environment = resolveEnvironment(manifest, inputs);
  if (environment === undefined) return undefined;
  const deployment = deploymentOf(manifest, environment.name, inputs);
  return { ...deployment, selected: selectUnits(deployment.units, inputs) };
}

/** The named environment, or else the one that the ref maps to; undefined when it maps to none. */
export function resolveEnvironment(
  manifest: Manifest,
  inputs: Pick<DeploymentInputs, 'environment' | 'ref'>,
): Environment | undefined {
  return inputs.environment === undefined
    ? environmentFor(manifest, inputs.ref)
    : environmentNamed(manifest, inputs.environment);
}

/** The units that the inputs name, in the order of the manifest. */
export function selectUnits<T extends { readonly name: string }>(
  units: readonly T[],
  { manifest, units: names }: Pick<DeploymentInputs, 'manifest' | 'units'>,
): readonly T[] {
  if (names === undefined) return units;
  checkUnitNames(units, names, { input: 'units', manifest });
  const wanted = new Set(names);
  return units.filter(({ name }) => wanted.has(name));
}

/** Throws an InputError for the first name that is no unit. */
export function checkUnitNames(
  units: readonly { readonly name: string }[],
  names: readonly string[],
  { input, manifest }: { readonly input: string; readonly manifest: string },
): void {
  const known = units.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const list = known.map((unit) => `"${unit}"`).join(', ');
  throw new InputError(
    `input "${input}" names "${unknown}", which ${manifest} does not have; it has ${list}${didYouMean(unknown, known)}`,
  );
}

/** On a pull request the branch that it would be merged to, because that is what a merge delivers to. */
function refOf(env: ActionContext['env']): string {
  const base = env['GITHUB_BASE_REF'] ?? '';
  return base === '' ? (env['GITHUB_REF'] ?? '') : `refs/heads/${base}`;
}

/** A JSON list, or lines or commas; undefined when nothing is written. A JSON list with another entry than text is refused. */
export function nameList(inputs: Inputs, input: string): readonly string[] | undefined {
  const text = inputs.text(input);
  if (text === undefined) return undefined;
  if (!text.startsWith('[')) return inputs.list(input);
  const names = inputs.json(input);
  if (Array.isArray(names) && names.every((name): name is string => typeof name === 'string')) return names;
  throw new InputError(`input "${input}" must be a list of unit names, got "${text}"`);
}
