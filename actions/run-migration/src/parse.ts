import { type ActionContext, InputError, messageOf } from '@fairlead/action-kit';
import { endpointOf } from '@fairlead/google';
import { checkTag, ImageError, tagFor } from '@fairlead/images';
import { type DeploymentInputs, parseDeploymentInputs } from '@fairlead/manifest-file';

/** Everything that this action is told, checked. */
export interface MigrationInputs {
  readonly from:
    | { readonly kind: 'manifest'; readonly deployment: DeploymentInputs; readonly images: Images }
    | { readonly kind: 'job'; readonly job: PlainJob };
  readonly rerunFailed: boolean;
  /** Absent: the task's timeout and 5 minutes. */
  readonly timeoutMs: number | undefined;
  readonly parallel: number;
}

export interface Images {
  /** Unit to image, by digest or tag. */
  readonly byUnit: Readonly<Record<string, string>>;
  /** Of units that are not named; absent where no commit is known. */
  readonly tag: string | undefined;
}

/** One job, told by inputs instead of a manifest. */
export interface PlainJob {
  readonly project: string;
  readonly region: string;
  readonly job: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly serviceAccount: string | undefined;
  readonly timeoutSeconds: number;
}

type Told = Pick<ActionContext, 'inputs' | 'env'>;

export function parse(told: Told): MigrationInputs {
  const { inputs, env } = told;
  endpointOf(env, 'run');
  return {
    from:
      inputs.text('job') === undefined
        ? { kind: 'manifest', deployment: parseDeploymentInputs(told), images: imagesOf(told) }
        : { kind: 'job', job: plainJob(inputs) },
    rerunFailed: inputs.flag('rerun-failed') ?? false,
    timeoutMs: inputs.duration('timeout'),
    parallel: inputs.whole('parallel', { min: 1, max: 20 }) ?? 4,
  };
}

function plainJob(inputs: ActionContext['inputs']): PlainJob {
  const command = inputs.list('command');
  if (command.length === 0) throw new InputError('input "command" is required with "job" and is empty');
  return {
    project: inputs.required('project'),
    region: inputs.required('region'),
    job: inputs.required('job'),
    image: inputs.required('image'),
    command,
    args: inputs.list('args'),
    env: inputs.pairs('env'),
    secrets: inputs.pairs('secrets'),
    serviceAccount: inputs.text('service-account'),
    timeoutSeconds: taskTimeout(inputs),
  };
}

function taskTimeout(inputs: ActionContext['inputs']): number {
  const seconds = Math.ceil((inputs.duration('task-timeout') ?? 600_000) / 1000);
  if (seconds >= 1 && seconds <= 600) return seconds;
  throw new InputError(
    `input "task-timeout" must be from 1s to 10m, got "${inputs.text('task-timeout') ?? ''}"`,
  );
}

function imagesOf(told: Told): Images {
  try {
    return { byUnit: textMap(told.inputs.json('images')), tag: tagOf(told) };
  } catch (thrown) {
    if (thrown instanceof ImageError) throw new InputError(`input "tag": ${messageOf(thrown)}`);
    throw thrown;
  }
}

function tagOf({ inputs, env }: Told): string | undefined {
  const written = inputs.text('tag');
  if (written !== undefined) return checkTag(written);
  const [sha = '', ref = ''] = [env['GITHUB_SHA'], env['GITHUB_REF']];
  if (sha === '') return undefined;
  if (ref.startsWith('refs/tags/'))
    return tagFor({ kind: 'git-tag', name: ref.slice('refs/tags/'.length), sha });
  if (!ref.startsWith('refs/heads/')) return undefined;
  return tagFor({ kind: 'branch', branch: ref.slice('refs/heads/'.length), sha });
}

function textMap(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError(`input "images" must be a JSON object, got ${JSON.stringify(value)}`);
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  const wrong = entries.find(([, image]) => typeof image !== 'string');
  if (wrong !== undefined)
    throw new InputError(`input "images" must map to text, got ${JSON.stringify(wrong[1])} at "${wrong[0]}"`);
  return Object.fromEntries(entries.map(([unit, image]) => [unit, String(image)]));
}
