import type { Ladder } from './child.ts';
import type { ConcurrencyRegistry } from './concurrency.ts';
import type { RunEvent } from './journal.ts';
import type { Permissions } from './permissions.ts';

/** A job as a token or an address may depend on it. */
export interface JobIdentity {
  readonly id: string;
  readonly permissions: Permissions;
  readonly environment: string | undefined;
  readonly workflowRef: string;
  readonly workflowSha: string;
}

/** A value that is the same for all jobs, or made for each. */
export type PerJob = string | ((job: JobIdentity) => string);

export interface GitHubAddresses {
  readonly apiUrl?: string;
  readonly resultsUrl?: string;
  /** For artifacts and, as the request token, for OpenID Connect. */
  readonly runtimeToken?: PerJob;
  /** Where a job with `id-token: write` asks for its token. */
  readonly oidcUrl?: PerJob;
  /** `GITHUB_TOKEN`. */
  readonly token?: PerJob;
}

export interface RunOptions {
  /** The caller's local git repository. */
  readonly repository: string;
  /** Path of the workflow in the repository, such as `.github/workflows/deliver.yml`. */
  readonly workflow: string;
  readonly event: { readonly name: string; readonly payload?: unknown };
  /** `refs/heads/main` unless told. */
  readonly ref?: string;
  /** The commit that runs; the repository's HEAD unless told. */
  readonly sha?: string;
  /** `OWNER/REPO`; `local/<folder's name>` unless told. */
  readonly repositoryName?: string;
  readonly actor?: string;
  readonly vars?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Environment of the runner itself, beside this process's own without what belongs to a run around it. */
  readonly env?: Readonly<Record<string, string>>;
  /** Local folders of other repositories by `OWNER/REPO`, whatever ref is asked for. */
  readonly mappings?: Readonly<Record<string, string>>;
  readonly github?: GitHubAddresses;
  /** The Node that runs JavaScript actions; this process's unless told. */
  readonly nodePath?: string;
  /** Told each event when it happens. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Cancels the run. */
  readonly signal?: AbortSignal;
  /** A folder for workspaces, which then stay; a temporary one that is removed unless told. */
  readonly workRoot?: string;
  /** Jobs at a time; 4 unless told. */
  readonly parallel?: number;
  /** Shared between runs that should wait for one another. */
  readonly concurrency?: ConcurrencyRegistry;
  readonly runId?: number;
  readonly runNumber?: number;
  readonly runAttempt?: number;
  readonly times?: Partial<RunTimes>;
}

export interface RunTimes extends Ladder {
  /** How long a cancelled job may go on with what asks for `always()`. */
  readonly graceMs: number;
  /** How long the minute of `timeout-minutes` is. */
  readonly minuteMs: number;
}
