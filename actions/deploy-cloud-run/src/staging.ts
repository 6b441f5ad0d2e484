import type { RevisionIntent } from '@fairlead/cloud-run';
import type { Target } from './target.ts';

/** One unit on its way. */
export interface Staging {
  readonly target: Target;
  readonly intent: RevisionIntent;
  readonly version: string;
  /** Absent for a worker, which nobody calls. */
  readonly tag: string | undefined;
  readonly deadlineMs: number;
}
