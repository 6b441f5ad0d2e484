import { type ActionContext, InputError, type Inputs } from '@fairlead/action-kit';
import { type Builder, checkTag, ImageError, parseReference, type Place, tagFor } from '@fairlead/images';
import type { Image, Pack } from '@fairlead/manifest';
import { type DeploymentInputs, parseDeploymentInputs } from '@fairlead/manifest-file';

/** Everything that this action is told, checked. */
export interface BuildInputs {
  readonly from:
    | { readonly kind: 'manifest'; readonly deployment: DeploymentInputs; readonly unit: string }
    | { readonly kind: 'image'; readonly place: Place; readonly settings: Omit<Image, 'name'> };
  readonly builder: Builder | 'auto';
  readonly push: boolean;
  readonly tag: string;
  /** Win over the manifest's. */
  readonly args: Readonly<Record<string, string>>;
  /** Full ID of the commit that is built. */
  readonly commit: string | undefined;
  /** Address of the repository that is built. */
  readonly source: string | undefined;
  /** Folder that paths are relative to. */
  readonly workspace: string;
}

type Told = Pick<ActionContext, 'inputs' | 'env'>;

export function parse(told: Told): BuildInputs {
  const { inputs, env } = told;
  const commit = commitOf(env);
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = env;
  return {
    from: inputs.text('image') === undefined ? fromManifest(told) : fromImage(inputs),
    builder: inputs.choice('builder', ['auto', 'buildx', 'docker', 'pack']) ?? 'auto',
    push: inputs.flag('push') ?? !isPullRequest(env),
    tag: tagOf(told, commit),
    args: inputs.pairs('build-args'),
    commit,
    source: server && repository ? `${server}/${repository}` : undefined,
    workspace: env['GITHUB_WORKSPACE'] ?? '.',
  };
}

function fromManifest(told: Told): BuildInputs['from'] {
  const unit = told.inputs.text('unit');
  if (unit === undefined)
    throw new InputError(
      'input "unit" is required and is empty; without a manifest, name the "image" instead',
    );
  return { kind: 'manifest', unit, deployment: { ...parseDeploymentInputs(told), units: [unit] } };
}

function fromImage(inputs: Inputs): BuildInputs['from'] {
  const { registry, repository, tag, digest } = named('image', () =>
    parseReference(inputs.required('image')),
  );
  if (tag !== undefined || digest !== undefined)
    throw new InputError(
      'input "image" must name the image without a tag and a digest; give the tag as "tag"',
    );
  const platforms = inputs.list('platforms');
  const dockerfile = inputs.text('dockerfile');
  const target = inputs.text('target');
  const pack = packOf(inputs);
  return {
    kind: 'image',
    place: { registry, repository },
    settings: {
      context: inputs.text('context') ?? '.',
      platforms: platforms.length === 0 ? ['linux/amd64'] : platforms,
      args: {},
      ...(dockerfile !== undefined && { dockerfile }),
      ...(target !== undefined && { target }),
      ...(pack !== undefined && { pack }),
    },
  };
}

function packOf(inputs: Inputs): Pack | undefined {
  const files = inputs.list('files');
  if (files.length === 0) return undefined;
  const [prepare, user] = [inputs.text('prepare'), inputs.text('user')];
  return {
    base: inputs.text('base') ?? 'scratch',
    files,
    workdir: inputs.text('workdir') ?? '/app',
    command: commandOf(inputs),
    env: inputs.pairs('env'),
    ...(prepare !== undefined && { prepare }),
    ...(user !== undefined && { user }),
  };
}

function commandOf(inputs: Inputs): readonly string[] {
  const words = inputs.json('command') ?? [];
  if (Array.isArray(words) && words.every((word): word is string => typeof word === 'string')) return words;
  throw new InputError(`input "command" must be a JSON list of words, got ${JSON.stringify(words)}`);
}

function tagOf({ inputs, env }: Told, commit: string | undefined): string {
  const told = inputs.text('tag');
  if (told !== undefined) return named('tag', () => checkTag(told));
  const ref = env['GITHUB_REF'] ?? '';
  const [, number] = /^refs\/pull\/(\d+)\//.exec(ref) ?? [];
  if (number !== undefined) return tagFor({ kind: 'pull-request', number: Number(number) });
  const [, kind, name] = /^refs\/(heads|tags)\/(.+)$/s.exec(ref) ?? [];
  if (name === undefined || commit === undefined)
    throw new InputError(
      'input "tag" is required where no branch and commit are known (GITHUB_REF, GITHUB_SHA)',
    );
  return kind === 'tags'
    ? tagFor({ kind: 'git-tag', name, sha: commit })
    : tagFor({ kind: 'branch', branch: name, sha: commit });
}

/** Says which input a name that cannot be was read from. */
function named<T>(input: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof ImageError) throw new InputError(`input "${input}": ${thrown.message}`);
    throw thrown;
  }
}

function commitOf(env: Told['env']): string | undefined {
  const commit = env['GITHUB_SHA'] ?? '';
  if (commit === '') return undefined;
  if (/^[0-9a-f]{40}$/.test(commit)) return commit;
  throw new InputError(`GITHUB_SHA must be 40 hexadecimal digits, got "${commit}"`);
}

function isPullRequest(env: Told['env']): boolean {
  return env['GITHUB_EVENT_NAME']?.startsWith('pull_request') ?? false;
}
