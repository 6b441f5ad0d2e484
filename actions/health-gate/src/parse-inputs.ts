import { type ActionContext, InputError, messageOf } from '@fairlead/action-kit';
import { parseRelease, RolloutError, type StagedUnit } from '@fairlead/rollout';

/** What is gated: a release, or one address. */
export type Subject =
  | { readonly kind: 'release'; readonly units: readonly StagedUnit[] }
  | {
      readonly kind: 'url';
      readonly url: string;
      readonly service: string | undefined;
      readonly version: string | undefined;
      readonly revision: string | undefined;
    };

export interface GateInputs {
  readonly subject: Subject;
  /** Absent: `fairlead.yaml` where there is one. */
  readonly manifest: string | undefined;
  readonly path: string | undefined;
  readonly contract: 'strict' | 'status' | undefined;
  readonly attempts: number | undefined;
  readonly intervalMs: number | undefined;
  readonly successes: number;
  readonly timeoutMs: number;
  readonly checkSubgraphs: boolean;
  readonly identityToken: string | undefined;
}

export function parseInputs({ inputs }: Pick<ActionContext, 'inputs'>): GateInputs {
  return {
    subject: parseSubject(inputs),
    manifest: inputs.text('manifest'),
    path: parsePath(inputs.text('path')),
    contract: inputs.choice('contract', ['strict', 'status']),
    attempts: inputs.whole('attempts', { min: 1, max: 1000 }),
    intervalMs: inputs.duration('interval'),
    successes: inputs.whole('successes', { min: 1, max: 100 }) ?? 3,
    timeoutMs: inputs.duration('timeout') ?? 300_000,
    checkSubgraphs: inputs.flag('check-subgraphs') ?? true,
    identityToken: inputs.text('identity-token'),
  };
}

function parseSubject(inputs: ActionContext['inputs']): Subject {
  const release = inputs.json('release');
  const url = inputs.text('url');
  if ((release === undefined) === (url === undefined))
    throw new InputError(
      `either input "release" or input "url" must be set, ${url === undefined ? 'neither is' : 'both are'}`,
    );
  if (url === undefined) return { kind: 'release', units: releaseOf(release) };
  return {
    kind: 'url',
    url: parseUrl(url),
    service: inputs.text('service'),
    version: inputs.text('version'),
    revision: inputs.text('revision'),
  };
}

function releaseOf(value: unknown): readonly StagedUnit[] {
  try {
    const units = parseRelease(value);
    if (units.length > 0) return units;
  } catch (thrown) {
    if (!(thrown instanceof RolloutError)) throw thrown;
    throw new InputError(`input "release": ${messageOf(thrown)}`);
  }
  throw new InputError(
    'input "release" is an empty list: nothing was staged, so nothing can be proven healthy',
  );
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '')
    throw new InputError(`input "url" must be an http or https address without credentials, got "${text}"`);
  return `${url.origin}${url.pathname.replace(/\/$/, '')}`;
}

function parsePath(path: string | undefined): string | undefined {
  if (path === undefined || path.startsWith('/')) return path;
  throw new InputError(`input "path" must begin with a slash, such as "/health", got "${path}"`);
}
