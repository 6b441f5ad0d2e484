/** What came back from one request, or why nothing did. */
export type ProbeAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
      /** The revision that a response header names. */
      readonly revision?: string;
    }
  | { readonly kind: 'unreachable'; readonly because: string };

export type Answered = Extract<ProbeAnswer, { kind: 'answered' }>;

/** What the candidate must say of itself. */
export interface HealthExpectation {
  /** `strict`: 200 and the whole body of the health contract; `status`: any 2xx. */
  readonly contract: 'strict' | 'status';
  /** Names that the service may go by, such as with and without an environment's suffix; empty: not checked. */
  readonly services: readonly string[];
  /** The build-unique tag of the image. */
  readonly version?: string;
  readonly revision?: string;
  /** Dependencies that a strict body must name; every dependency that it names must be connected. */
  readonly dependencies: readonly string[];
}

/**
 * One look at a candidate. `stale`: another revision answered, so nothing is known of this one. `inconclusive`: the
 * answer is not the candidate's or does not prove that it is. Everything but `healthy` says why.
 */
export type ProbeVerdict =
  | { readonly kind: 'healthy'; readonly provenBy: 'revision' | 'version' | 'nothing' }
  | { readonly kind: 'unhealthy'; readonly because: string }
  | { readonly kind: 'stale'; readonly because: string }
  | { readonly kind: 'inconclusive'; readonly because: string };
