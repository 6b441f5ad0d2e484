import type { RevisionSpec, TaskSpec } from '../data-plane.ts';

/** The service of the tests. */
export const service = 'projects/p/locations/us-central1/services/web';
export const execution = 'projects/p/locations/us-central1/jobs/migrate/executions/migrate-abcde';

export function revisionSpec(image: string, changes: Partial<RevisionSpec> = {}): RevisionSpec {
  return {
    name: `${service}/revisions/web-1`,
    service,
    image,
    command: [],
    args: [],
    env: {},
    files: {},
    port: 8080,
    healthCheckDisabled: false,
    minInstances: 0,
    maxInstances: 1,
    concurrency: 80,
    timeoutSeconds: 5,
    h2c: false,
    ...changes,
  };
}

export function taskSpec(image: string, changes: Partial<TaskSpec> = {}): TaskSpec {
  return {
    id: 'migrate-abcde-0-0',
    execution,
    job: 'projects/p/locations/us-central1/jobs/migrate',
    taskIndex: 0,
    attempt: 0,
    taskCount: 1,
    image,
    command: [],
    args: [],
    env: {},
    files: {},
    timeoutSeconds: 20,
    ...changes,
  };
}
