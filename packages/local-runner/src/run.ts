import type { RunTimes } from './options.ts';
import type { ConcurrencyRegistry } from './concurrency.ts';
import type { Annotation, Conclusion, Journal, Summary } from './journal.ts';
import type { Json, JsonRecord } from './json.ts';
import type { Masks } from './masks.ts';
import type { GitHubAddresses } from './options.ts';
import type { Permissions } from './permissions.ts';
import type { Slots } from './slots.ts';
import type { Sources } from './sources.ts';
import type { WorkflowTree } from './workflow-tree.ts';

/** What all jobs of a run share. */
export interface Run {
  readonly sources: Sources;
  readonly masks: Masks;
  readonly journal: Journal;
  readonly slots: Slots;
  readonly concurrency: ConcurrencyRegistry;
  readonly addresses: GitHubAddresses;
  readonly nodePath: string;
  readonly times: RunTimes;
  /** Where jobs get their folders. */
  readonly folder: string;
  /** The environment that every process starts with. */
  readonly baseEnv: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
  readonly event: Json;
  /** The event as the file at `GITHUB_EVENT_PATH` has it. */
  readonly eventText: string;
  /** The `github` context without what belongs to a job. */
  readonly github: JsonRecord;
  readonly jobs: JobResult[];
  readonly annotations: JobAnnotation[];
  readonly summaries: Summary[];
}

export interface JobAnnotation extends Annotation {
  readonly job: string;
  readonly step: string;
}

export interface JobResult {
  /** Ids from the outermost workflow to the job, and the matrix values: `deliver/build (habits)`. */
  readonly id: string;
  readonly name: string;
  readonly conclusion: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
  readonly seconds: number;
  /** Empty for a job that calls a workflow. */
  readonly steps: readonly StepResult[];
}

export interface StepResult {
  readonly name: string;
  readonly conclusion: Conclusion;
  /** Before `continue-on-error` was applied. */
  readonly outcome: Conclusion;
  readonly seconds: number;
  readonly outputs: Readonly<Record<string, string>>;
}

/** A workflow as it is called in a run; the outermost is called by the event. */
export interface WorkflowCall {
  readonly tree: WorkflowTree;
  readonly inputs: JsonRecord;
  readonly secrets: Readonly<Record<string, string>>;
  /** What jobs may do whose files say nothing. */
  readonly permissions: Permissions;
  /** Ids and names of the calling jobs, outermost first. */
  readonly callers: readonly { readonly id: string; readonly name: string }[];
  /** Concurrency groups that the callers hold. */
  readonly groups: readonly string[];
  readonly signal: AbortSignal;
}

/** How a job of a workflow ended, as `needs` sees it. */
export interface Ended {
  readonly result: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
}

/** The contexts that every job of a workflow sees before it starts. */
export function callContexts(run: Run, call: WorkflowCall): JsonRecord {
  return { github: run.github, vars: run.vars, inputs: call.inputs };
}
