import { ActionFailure, messageOf } from '@fairlead/action-kit';

import { isRecord, textOf } from './json.ts';

export interface RegistryFacts {
  readonly registry: string;
  /** What was asked for: `push web:main-abc1234`. */
  readonly what: string;
  /** 0 when no answer came. */
  readonly status: number;
  /** The first code of the answer, such as `MANIFEST_UNKNOWN`; the system's, such as `ECONNREFUSED`, when no answer came. */
  readonly code: string;
  /** What the registry said. */
  readonly said: string;
  readonly retryAfterMs?: number;
}

/** A registry that refused, or did not answer; the message says what to do. */
export class RegistryFailure extends ActionFailure {
  readonly status: number;
  readonly code: string;
  readonly retryAfterMs: number | undefined;

  constructor(facts: RegistryFacts) {
    super(messageFor(facts));
    this.status = facts.status;
    this.code = facts.code;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** Whether the failure may go away by itself. */
export function mayGoAway(thrown: unknown): boolean | { readonly afterMs: number } {
  if (!(thrown instanceof RegistryFailure)) return false;
  const { status, code, retryAfterMs } = thrown;
  // A name that does not resolve and a wrong certificate stay as they are.
  const isTransient =
    status === 0
      ? !/ENOTFOUND|CERT|SELF_SIGNED|UNABLE_TO/.test(code)
      : [408, 429].includes(status) || status >= 500;
  if (!isTransient) return false;
  return retryAfterMs === undefined ? true : { afterMs: Math.min(retryAfterMs, 60_000) };
}

function messageFor({ registry, what, status, code, said }: RegistryFacts): string {
  if (status === 0)
    return `registry ${registry} cannot be reached to ${what} (${code}); check the image's name and that the registry is up and open to this machine`;
  const reason = [code, said].filter((part) => part !== '').join(': ');
  return `registry ${registry} refuses to ${what}: ${status}${reason === '' ? '' : ` ${reason}`}${adviceFor(registry, status, code)}`;
}

function adviceFor(registry: string, status: number, code: string): string {
  const isGoogle = isGoogleRegistry(registry);
  switch (status) {
    case 401:
      return isGoogle
        ? '; authenticate before this step with google-github-actions/auth, or run "gcloud auth application-default login"'
        : `; log in before this step with docker/login-action, or run "docker login ${registry}"`;
    case 403:
      return isGoogle
        ? '; the account needs roles/artifactregistry.writer on the repository to push, roles/artifactregistry.reader to pull'
        : '; the account that is logged in may not do this';
    case 404:
      return isGoogle && code === 'NAME_UNKNOWN'
        ? '; create the repository with "gcloud artifacts repositories create REPOSITORY --repository-format=docker --location=LOCATION"'
        : '';
    case 429:
      return '; it limits how often it may be asked: try again later, or with fewer builds at a time';
    default:
      return '';
  }
}

/** Whether a registry takes Google access tokens. */
export function isGoogleRegistry(registry: string): boolean {
  return /(?:^|[.-])(?:docker\.pkg\.dev|gcr\.io)$/.test(registry);
}

/** The failure of a request that got no answer. */
export function unanswered(
  { registry, what }: Pick<RegistryFacts, 'registry' | 'what'>,
  thrown: unknown,
): RegistryFailure {
  return new RegistryFailure({ registry, what, status: 0, code: causeOf(thrown), said: '' });
}

// fetch says "fetch failed"; what happened is the code of a cause below it.
function causeOf(thrown: unknown): string {
  if (!isRecord(thrown)) return String(thrown);
  if (typeof thrown['code'] === 'string') return thrown['code'];
  if (isRecord(thrown['cause'])) return causeOf(thrown['cause']);
  return textOf(thrown['message']) ?? messageOf(thrown);
}
