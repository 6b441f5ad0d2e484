import type { RevisionSpec, TaskSpec, WorkerSpec } from '../../data-plane.ts';

/** What Cloud Run sets for a service's container; it wins over the user's own values, as there. */
export function serviceEnv(spec: RevisionSpec, port: number): Record<string, string> {
  return { ...spec.env, PORT: String(port), ...platformEnv(spec) };
}

/** What Cloud Run sets for every container of a revision. */
export function platformEnv(spec: RevisionSpec): Record<string, string> {
  return {
    K_SERVICE: shortName(spec.service),
    K_REVISION: shortName(spec.name),
    K_CONFIGURATION: shortName(spec.service),
  };
}

/** What Cloud Run sets for every container of a job's task. */
export function taskEnv(spec: TaskSpec): Record<string, string> {
  return {
    CLOUD_RUN_JOB: shortName(spec.job),
    CLOUD_RUN_EXECUTION: shortName(spec.execution),
    CLOUD_RUN_TASK_INDEX: String(spec.taskIndex),
    CLOUD_RUN_TASK_ATTEMPT: String(spec.attempt),
    CLOUD_RUN_TASK_COUNT: String(spec.taskCount),
  };
}

/** What Cloud Run sets for every container of a worker pool. */
export function workerEnv(spec: WorkerSpec): Record<string, string> {
  return { CLOUD_RUN_WORKER_POOL: shortName(spec.workerPool), CLOUD_RUN_REVISION: shortName(spec.name) };
}

/** The last segment of a resource name. */
export function shortName(resource: string): string {
  return resource.slice(resource.lastIndexOf('/') + 1);
}
