import { type ActionContext, InputError } from '@fairlead/action-kit';
import { endpointOf } from '@fairlead/google';

/** Everything that this action is told, checked. */
export interface ComposeInputs {
  readonly publish: boolean;
  readonly bucket: string | undefined;
  readonly routing: Routing;
  /** Subgraph to whole URL. */
  readonly routingUrls: Readonly<Record<string, string>>;
  readonly variable: string;
  /** Folder of the run for files, absent outside a runner. */
  readonly temp: string | undefined;
  readonly workspace: string;
}

export type Routing =
  { readonly kind: 'live' } | { readonly kind: 'deterministic'; readonly projectNumber: string };

export function parse({ inputs, env }: Pick<ActionContext, 'inputs' | 'env'>): ComposeInputs {
  endpointOf(env, 'run');
  endpointOf(env, 'storage');
  return {
    publish: inputs.flag('publish') ?? true,
    bucket: bucketOf(inputs.text('bucket')),
    routing: routingOf(inputs),
    routingUrls: urlMap(inputs.json('routing-urls')),
    variable: variableOf(inputs.text('variable') ?? 'SUPERGRAPH_URL'),
    temp: env['RUNNER_TEMP'],
    workspace: env['GITHUB_WORKSPACE'] ?? '.',
  };
}

function routingOf(inputs: ActionContext['inputs']): Routing {
  if ((inputs.choice('routing', ['live', 'deterministic']) ?? 'live') === 'live') return { kind: 'live' };
  const projectNumber = inputs.text('project-number');
  if (projectNumber !== undefined && /^\d+$/.test(projectNumber))
    return { kind: 'deterministic', projectNumber };
  throw new InputError(
    `input "project-number" must be the number of the project (not its ID) with "routing" "deterministic", got "${projectNumber ?? ''}"`,
  );
}

function bucketOf(text: string | undefined): string | undefined {
  if (text === undefined || /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(text)) return text;
  throw new InputError(
    `input "bucket" must be the name of a bucket, without gs:// and folders, got "${text}"`,
  );
}

function variableOf(text: string): string {
  if (/^[A-Za-z_]\w*$/.test(text)) return text;
  throw new InputError(`input "variable" must be the name of an environment variable, got "${text}"`);
}

function urlMap(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError(`input "routing-urls" must be a JSON object, got ${JSON.stringify(value)}`);
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  return Object.fromEntries(entries.map(([subgraph, url]) => [subgraph, checkedUrl(subgraph, url)]));
}

function checkedUrl(subgraph: string, url: unknown): string {
  if (typeof url === 'string' && URL.canParse(url) && /^https?:/.test(url)) return url;
  throw new InputError(
    `input "routing-urls" must map to http or https URLs, got ${JSON.stringify(url)} at "${subgraph}"`,
  );
}
