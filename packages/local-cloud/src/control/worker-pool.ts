import type { Condition, RevisionTemplate, SystemFields } from './resources.ts';

/** google.cloud.run.v2.WorkerPool. */
export interface WorkerPool extends SystemFields {
  readonly description?: string;
  readonly launchStage?: string;
  readonly template?: RevisionTemplate;
  readonly instanceSplits?: readonly InstanceSplit[];
  readonly scaling?: { readonly manualInstanceCount?: number };
  readonly observedGeneration?: string;
  readonly reconciling?: boolean;
  readonly terminalCondition?: Condition;
  readonly conditions?: readonly Condition[];
  readonly latestReadyRevision?: string;
  readonly latestCreatedRevision?: string;
  readonly instanceSplitStatuses?: readonly InstanceSplit[];
}

export interface InstanceSplit {
  readonly type?: string;
  /** Short name; only with type REVISION. */
  readonly revision?: string;
  readonly percent?: number;
}
