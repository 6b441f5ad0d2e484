import type { Scope } from './expressions.ts';
import type { JsonRecord } from './json.ts';
import type { Conclusion } from './journal.ts';
import type { JobIdentity } from './options.ts';
import type { Run, StepResult, WorkflowCall } from './run.ts';
import type { Source } from './sources.ts';
import type { Template } from './template.ts';

/** A job that runs, and what its steps have changed so far. */
export interface Job {
  readonly run: Run;
  readonly call: WorkflowCall;
  readonly id: string;
  readonly name: string;
  readonly identity: JobIdentity;
  /** What the job is told of GitHub's addresses, made for it. */
  readonly oidcUrl: string | undefined;
  readonly runtimeToken: string | undefined;
  /** needs, matrix, strategy, inputs, vars and the job's own github context. */
  readonly contexts: JsonRecord;
  readonly secrets: Readonly<Record<string, string>>;
  readonly defaults: { readonly shell: string | undefined; readonly workingDirectory: string | undefined };
  readonly workspace: string;
  readonly temp: string;
  /** In the environment of every process of the job, to find those that are left behind. */
  readonly trackingId: string;
  /** Fires when the job is cancelled. */
  readonly signal: AbortSignal;
  /** Fires when a cancelled job has used up its grace. */
  readonly hardStop: AbortSignal;
  /** Workflow and job env, then what steps put into `GITHUB_ENV`. */
  readonly env: Record<string, string>;
  /** Folders before the PATH, the newest last. */
  readonly paths: string[];
  readonly frame: Frame;
  readonly steps: StepResult[];
  /** Post steps, run from the last to the first. */
  readonly post: Stage[];
}

/** Where a step stands: in the job itself, or inside a composite action. */
export interface Frame {
  readonly isJob: boolean;
  /** The repository that `$/` means. */
  readonly source: Source;
  readonly inputs: JsonRecord;
  /** Env of the step that uses the composite action. */
  readonly env: Readonly<Record<string, string>>;
  /** What the frame puts into the github context, such as `action_path`. */
  readonly github: JsonRecord;
  /** The `steps` context. */
  readonly steps: Record<string, JsonRecord>;
  /** How the frame fares. */
  readonly state: { status: 'success' | 'failure' | 'cancelled' };
}

/** A step, or the pre or post part of one. */
export interface Stage {
  /** Its name in the log. */
  readonly title: (scope: Scope) => string;
  /** Its key in the `steps` context. */
  readonly id: string | undefined;
  readonly condition: string;
  readonly env: Template | undefined;
  readonly continueOnError: Template | undefined;
  readonly timeoutMinutes: Template | undefined;
  readonly frame: Frame;
  /** Does the work; a result other than success fails or cancels the step. */
  readonly perform: (act: Act) => Promise<Conclusion>;
}

/** A stage while it runs. */
export interface Act {
  readonly job: Job;
  readonly frame: Frame;
  /** The step of the job that it belongs to, for the log. */
  readonly step: Reporter;
  readonly scope: Scope;
  /** The env context: job, frame and step. */
  readonly env: Readonly<Record<string, string>>;
  /** The part of it that the step and those around it set, which `GITHUB_ENV` does not change. */
  readonly ownEnv: Readonly<Record<string, string>>;
  /** Fires when the stage must stop. */
  readonly signal: AbortSignal;
  readonly outputs: Record<string, string>;
  /** Paths of the files that the step's processes write to. */
  readonly files: StepFiles;
}

export interface StepFiles {
  readonly env: string;
  readonly output: string;
  readonly path: string;
  readonly state: string;
  readonly step_summary: string;
}

/** Says what happens in one step of a job, within GitHub's limits. */
export interface Reporter {
  readonly line: (text: string) => void;
  readonly error: (message: string, place?: Readonly<Record<string, string>>) => void;
  readonly warning: (message: string, place?: Readonly<Record<string, string>>) => void;
  readonly notice: (message: string, place?: Readonly<Record<string, string>>) => void;
  readonly output: (name: string, value: string) => void;
  readonly summary: (text: string) => void;
}
