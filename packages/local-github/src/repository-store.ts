/** What a repository of the local GitHub holds. */
export interface Stored {
  readonly deployments: Deployment[];
  readonly statuses: DeploymentStatus[];
  readonly checks: CheckRun[];
  readonly comments: Comment[];
  /** One sequence of ids for everything, as distinct numbers are all that clients rely on. */
  readonly nextId: () => number;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly description: string | undefined;
  readonly payload: unknown;
  readonly createdAt: string;
}

export interface DeploymentStatus {
  readonly id: number;
  readonly deployment: number;
  readonly state: string;
  readonly description: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly createdAt: string;
}

export interface CheckRun {
  readonly id: number;
  readonly name: string;
  readonly headSha: string;
  status: string;
  conclusion: string | undefined;
  output: CheckOutput;
  readonly startedAt: string;
  completedAt: string | undefined;
}

export interface CheckOutput {
  readonly title: string | undefined;
  readonly summary: string | undefined;
  readonly annotations: readonly unknown[];
}

export interface Comment {
  readonly id: number;
  readonly issue: number;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
}

export function emptyStore(): Stored {
  let id = 0;
  return { deployments: [], statuses: [], checks: [], comments: [], nextId: () => ++id };
}
