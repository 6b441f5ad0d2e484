import type { DeployedUnit, Deployment, Environment, Manifest, RunSettings, Unit } from './manifest.ts';
import { present } from './present.ts';
import { didYouMean } from './suggestion.ts';

/** Settings from an action's inputs, which win over the manifest's. */
export interface Overrides {
  readonly project?: string | undefined;
  readonly region?: string | undefined;
  readonly registry?: string | undefined;
  readonly supergraphBucket?: string | undefined;
}

/** An environment that cannot be deployed to as the manifest and the inputs stand. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
  readonly code: 'unknown-environment' | 'missing-setting';

  constructor(code: DeploymentError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * What is deployed to one environment. Overrides win over the environment, which wins over the top of the manifest.
 * Throws DeploymentError for an unknown environment and for a project, region or registry that nobody sets.
 */
export function deploymentOf(
  manifest: Manifest,
  environmentName: string,
  overrides: Overrides = {},
): Deployment {
  const environment = environmentNamed(manifest, environmentName);
  const setting = (key: 'project' | 'region' | 'registry') => {
    const value = overrides[key] ?? environment[key] ?? manifest[key];
    if (value !== undefined) return value;
    throw new DeploymentError(
      'missing-setting',
      `environment "${environment.name}" has no ${key}: write "${key}" in ${manifest.file} or set the input "${key}"`,
    );
  };
  const registry = setting('registry');
  return {
    environment: environment.name,
    protected: environment.protected,
    project: setting('project'),
    region: setting('region'),
    registry,
    ...present({
      supergraphBucket:
        overrides.supergraphBucket ?? environment.supergraphBucket ?? manifest.supergraphBucket,
    }),
    units: manifest.units.map((unit) => deployedUnit(unit, environment, registry)),
  };
}

/** The environment of a name; throws DeploymentError with the known names when there is none. */
export function environmentNamed(manifest: Manifest, name: string): Environment {
  const environment = manifest.environments.find((candidate) => candidate.name === name);
  if (environment !== undefined) return environment;
  const known = manifest.environments.map((candidate) => candidate.name);
  const names = known.map((candidate) => `"${candidate}"`).join(', ');
  throw new DeploymentError(
    'unknown-environment',
    `${manifest.file} has no environment "${name}", it has ${names}${didYouMean(name, known)}`,
  );
}

function deployedUnit(unit: Unit, environment: Environment, registry: string): DeployedUnit {
  return {
    ...unit,
    run: merged(unit.run, environment.run),
    rollout: unit.rollout ?? environment.rollout,
    serviceName: `${unit.service}${environment.suffix}`,
    ...(unit.migration && { jobName: `${unit.migration.job}${environment.suffix}` }),
    imageName: `${registry}/${unit.image?.name ?? unit.name}`,
  };
}

/** The environment's settings over the unit's; a variable that the environment makes a secret is no plain one any more. */
function merged(unit: RunSettings, environment: RunSettings): RunSettings {
  return {
    ...unit,
    ...environment,
    env: { ...without(unit.env, environment.secrets), ...environment.env },
    secrets: { ...without(unit.secrets, environment.env), ...environment.secrets },
    secretFiles: { ...unit.secretFiles, ...environment.secretFiles },
  };
}

function without(record: Readonly<Record<string, string>>, taken: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !Object.hasOwn(taken, key)));
}
