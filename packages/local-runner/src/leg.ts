import type { JsonRecord } from './json.ts';
import type { Ended, Run, WorkflowCall } from './run.ts';
import type { JobTemplate } from './workflow-file.ts';

/** A job of a workflow whose turn has come. */
export interface Node {
  readonly run: Run;
  readonly call: WorkflowCall;
  readonly job: JobTemplate;
  /** How the jobs ended that have ended. */
  readonly ended: ReadonlyMap<string, Ended>;
  /** All jobs that this one waited for, directly or not. */
  readonly ancestors: ReadonlySet<string>;
  /** Runs the workflow that the job calls. */
  readonly callWorkflow: (call: WorkflowCall) => Promise<Ended>;
}

/** One combination of a job's matrix, or the job itself. */
export interface Leg {
  readonly node: Node;
  readonly id: string;
  /** With the names of its callers: `call / build (a)`. */
  readonly name: string;
  readonly ownId: string;
  readonly ownName: string;
  /** The contexts known before the job starts. */
  readonly contexts: JsonRecord;
}
