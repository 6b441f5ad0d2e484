/** What the API says of one execution of a migration job. */
export interface ExecutionFacts {
  /** Short name of the execution. */
  readonly name: string;
  readonly taskCount: number;
  readonly runningCount: number;
  readonly succeededCount: number;
  readonly failedCount: number;
  readonly cancelledCount: number;
  readonly retriedCount: number;
  /** The condition of type `Completed`. Its type alone says nothing: it is there on a failed execution too. */
  readonly completed?: Condition;
  /** Last attempt of each task, where it could be read. */
  readonly attempts: readonly TaskAttempt[];
}

export interface Condition {
  readonly state: 'pending' | 'reconciling' | 'failed' | 'succeeded' | 'unknown';
  /** Such as `NON_ZERO_EXIT_CODE` or `CANCELLED`. */
  readonly reason?: string;
  readonly message?: string;
}

export interface TaskAttempt {
  readonly exitCode?: number;
  readonly signal?: number;
  readonly message?: string;
}

/** `unknown`: the facts contradict each other or are incomplete, so nobody may build on them. */
export type ExecutionVerdict =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly because: string }
  | { readonly kind: 'cancelled'; readonly because: string }
  | { readonly kind: 'unknown'; readonly because: string };
