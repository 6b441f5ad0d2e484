export { type Ladder, RUNNER_LADDER } from './child.ts';
export { type ConcurrencyRegistry, createConcurrencyRegistry } from './concurrency.ts';
export { WorkflowError } from './failure.ts';
export type { Annotation, Conclusion, RunEvent, Summary } from './journal.ts';
export type { GitHubAddresses, JobIdentity, PerJob, RunOptions, RunTimes } from './options.ts';
export type { Access, Permissions } from './permissions.ts';
export type { JobAnnotation, JobResult, StepResult } from './run.ts';
export { runEvent } from './run-event.ts';
export { runWorkflow, type WorkflowRun } from './run-workflow.ts';
