import type { Clock, Environment, Log } from '@fairlead/action-kit';
import { googleClient } from '@fairlead/google';
import type { Api } from './api.ts';
import * as jobs from './jobs.ts';
import * as revisions from './revisions.ts';
import * as services from './services.ts';
import { settle } from './settle.ts';
import { waitOperation } from './wait-operation.ts';

type Bound<F> = F extends (api: Api, ...rest: infer R) => infer T ? (...rest: R) => T : never;

/** Cloud Run, as far as we use it. Every call reports a refusal as a GoogleError. */
export interface CloudRun {
  readonly getService: Bound<typeof services.getService>;
  readonly createService: Bound<typeof services.createService>;
  readonly patchService: Bound<typeof services.patchService>;
  readonly settle: Bound<typeof settle>;
  readonly getRevision: Bound<typeof revisions.getRevision>;
  readonly listRevisions: Bound<typeof revisions.listRevisions>;
  readonly deleteRevision: Bound<typeof revisions.deleteRevision>;
  readonly awaitRevision: Bound<typeof revisions.awaitRevision>;
  readonly waitOperation: Bound<typeof waitOperation>;
  readonly getJob: Bound<typeof jobs.getJob>;
  readonly createJob: Bound<typeof jobs.createJob>;
  readonly patchJob: Bound<typeof jobs.patchJob>;
  readonly runJob: Bound<typeof jobs.runJob>;
  readonly getExecution: Bound<typeof jobs.getExecution>;
  readonly listExecutions: Bound<typeof jobs.listExecutions>;
  readonly listTasks: Bound<typeof jobs.listTasks>;
  readonly cancelExecution: Bound<typeof jobs.cancelExecution>;
}

export interface CloudRunOptions {
  readonly env: Environment;
  readonly log: Log;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Cloud Run over its Admin API v2. Making it touches neither network nor credentials. */
export function cloudRun({ env, log, clock, signal }: CloudRunOptions): CloudRun {
  const api: Api = { google: googleClient(env, { api: 'run', log, clock, signal }), clock, signal };
  return {
    getService: (...rest) => services.getService(api, ...rest),
    createService: (...rest) => services.createService(api, ...rest),
    patchService: (...rest) => services.patchService(api, ...rest),
    settle: (...rest) => settle(api, ...rest),
    getRevision: (...rest) => revisions.getRevision(api, ...rest),
    listRevisions: (...rest) => revisions.listRevisions(api, ...rest),
    deleteRevision: (...rest) => revisions.deleteRevision(api, ...rest),
    awaitRevision: (...rest) => revisions.awaitRevision(api, ...rest),
    waitOperation: (...rest) => waitOperation(api, ...rest),
    getJob: (...rest) => jobs.getJob(api, ...rest),
    createJob: (...rest) => jobs.createJob(api, ...rest),
    patchJob: (...rest) => jobs.patchJob(api, ...rest),
    runJob: (...rest) => jobs.runJob(api, ...rest),
    getExecution: (...rest) => jobs.getExecution(api, ...rest),
    listExecutions: (...rest) => jobs.listExecutions(api, ...rest),
    listTasks: (...rest) => jobs.listTasks(api, ...rest),
    cancelExecution: (...rest) => jobs.cancelExecution(api, ...rest),
  };
}
