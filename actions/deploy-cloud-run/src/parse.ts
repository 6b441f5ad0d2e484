import { type ActionContext, InputError } from '@fairlead/action-kit';
import { type Endpoint, endpointOf } from '@fairlead/google';
import { checkTag, tagFor } from '@fairlead/images';
import type { RunSettings } from '@fairlead/manifest';
import { type DeploymentInputs, nameList, parseDeploymentInputs } from '@fairlead/manifest-file';
import type { StagedUnit } from '@fairlead/rollout';

/** Everything that this action is told, checked. */
export interface StageInputs {
  readonly from:
    | { readonly kind: 'manifest'; readonly deployment: DeploymentInputs }
    | { readonly kind: 'service'; readonly service: PlainService };
  /** Unit to image, by digest or tag. */
  readonly images: Readonly<Record<string, string>>;
  /** Units whose image this run built; absent: all. */
  readonly built: readonly string[] | undefined;
  readonly version: string;
  readonly commit: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly unitEnv: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly deadlineMs: number;
  readonly parallel: number;
  readonly endpoint: Endpoint;
}

/** One service, told by inputs instead of a manifest. */
export interface PlainService {
  readonly service: string;
  readonly kind: StagedUnit['kind'];
  readonly project: string;
  readonly region: string;
  readonly image: string;
  readonly settings: RunSettings;
}

type Told = Pick<ActionContext, 'inputs' | 'env'>;

export function parse(told: Told): StageInputs {
  const { inputs, env } = told;
  const commit = commitOf(told);
  return {
    from:
      inputs.text('service') === undefined
        ? { kind: 'manifest', deployment: parseDeploymentInputs(told) }
        : { kind: 'service', service: plainService(told) },
    images: textMap('images', inputs.json('images')),
    built: nameList(inputs, 'built'),
    version: versionOf(told, commit),
    commit,
    env: inputs.pairs('env'),
    unitEnv: Object.fromEntries(
      Object.entries(objectMap('unit-env', inputs.json('unit-env'))).map(([unit, variables]) => [
        unit,
        textMap(`unit-env.${unit}`, variables),
      ]),
    ),
    deadlineMs: inputs.duration('timeout') ?? 600_000,
    parallel: inputs.whole('parallel', { min: 1, max: 50 }) ?? 10,
    endpoint: endpointOf(env, 'run'),
  };
}

function plainService({ inputs }: Told): PlainService {
  const whole = { min: 0, max: 10_000 };
  const settings = {
    port: inputs.whole('port', { min: 1, max: 65_535 }),
    cpu: inputs.text('cpu'),
    memory: inputs.text('memory'),
    minInstances: inputs.whole('min-instances', whole),
    maxInstances: inputs.whole('max-instances', { ...whole, min: 1 }),
    serviceAccount: inputs.text('service-account'),
    public: inputs.flag('public'),
  };
  const told = Object.entries(settings).filter(([, value]) => value !== undefined);
  return {
    service: inputs.required('service'),
    kind: inputs.choice('kind', ['service', 'worker', 'gateway', 'web']) ?? 'service',
    project: inputs.required('project'),
    region: inputs.required('region'),
    image: inputs.required('image'),
    settings: { env: {}, secrets: inputs.pairs('secrets'), secretFiles: {}, ...Object.fromEntries(told) },
  };
}

function commitOf({ inputs, env }: Told): string | undefined {
  const commit = inputs.text('commit') ?? env['GITHUB_SHA'];
  if (commit === undefined || commit === '' || /^[0-9a-f]{40}$/.test(commit)) return commit || undefined;
  throw new InputError(`input "commit" must be 40 hexadecimal digits, got "${commit}"`);
}

function versionOf({ inputs, env }: Told, commit: string | undefined): string {
  const told = inputs.text('tag');
  if (told !== undefined) return checkTag(told);
  if (commit === undefined) throw new InputError('input "tag" is required where no commit is known');
  const branch = (env['GITHUB_REF'] ?? '').replace(/^refs\/(heads|tags)\//, '');
  return tagFor({ kind: 'branch', branch, sha: commit });
}

function textMap(name: string, value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(objectMap(name, value));
  const wrong = entries.find(([, entry]) => typeof entry !== 'string');
  if (wrong !== undefined)
    throw new InputError(
      `input "${name}" must map to text, got ${JSON.stringify(wrong[1])} at "${wrong[0]}"`,
    );
  return Object.fromEntries(entries.map(([key, entry]) => [key, String(entry)]));
}

function objectMap(name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw new InputError(`input "${name}" must be a JSON object, got ${JSON.stringify(value)}`);
}
