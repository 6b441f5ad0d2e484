import { shortName } from '../control/names.ts';

/** Paths of the pages, from full resource names. */
export const OVERVIEW = '/';
export const OPERATIONS = '/console/operations';
export const FAULTS = '/console/faults';
export const CALLS = '/console/calls';
export const ICON = '/console/icon.svg';

/** `revision` is the short name of the one whose log is shown. */
export function servicePath(service: string, revision?: string): string {
  return withLogOf(`/console/services/${placed(service)}/${part(service)}`, revision);
}

export function jobPath(job: string): string {
  return `/console/jobs/${placed(job)}/${part(job)}`;
}

export function executionPath(execution: string): string {
  const job = execution.split('/').slice(0, -2).join('/');
  return `/console/executions/${placed(execution)}/${part(job)}/${part(execution)}`;
}

/** `revision` is the short name of the one whose log is shown. */
export function workerPoolPath(pool: string, revision?: string): string {
  return withLogOf(`/console/worker-pools/${placed(pool)}/${part(pool)}`, revision);
}

/** The page of what an operation works on; undefined where there is none. */
export function resourcePath(name: string): string | undefined {
  const collection = name.split('/').at(-2);
  if (collection === 'services') return servicePath(name);
  if (collection === 'jobs') return jobPath(name);
  if (collection === 'workerPools') return workerPoolPath(name);
  return collection === 'executions' ? executionPath(name) : undefined;
}

function withLogOf(path: string, revision: string | undefined): string {
  return revision === undefined ? path : `${path}?revision=${encodeURIComponent(revision)}#log`;
}

function placed(name: string): string {
  const [, project = '', , location = ''] = name.split('/');
  return `${encodeURIComponent(project)}/${encodeURIComponent(location)}`;
}

function part(name: string): string {
  return encodeURIComponent(shortName(name));
}
