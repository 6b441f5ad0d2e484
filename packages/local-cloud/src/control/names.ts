import { CloudError } from './cloud-error.ts';

/** `projects/P/locations/L` and its parts. */
export interface Place {
  readonly parent: string;
  readonly project: string;
  readonly location: string;
}

export function placeOf(name: string): Place {
  const [, project = '', , location = ''] = name.split('/');
  return { parent: `projects/${project}/locations/${location}`, project, location };
}

/** The last segment of a resource name. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** The name of the service that a revision's full name begins with; likewise the job of an execution, the execution of a task. */
export function parentOf(name: string): string {
  return name.split('/').slice(0, -2).join('/');
}

/** A stable made-up project number, as default service accounts and secret messages carry one. */
export function projectNumber(project: string): string {
  const hash = Buffer.from(project).reduce((sum, byte) => (sum * 31 + byte) % 900_000_000_000, 7);
  return String(100_000_000_000 + hash);
}

const DNS_LABEL = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;

export function isDnsLabel(text: string, maxLength: number): boolean {
  return text.length <= maxLength && DNS_LABEL.test(text);
}

export type Kind = 'SERVICE' | 'REVISION' | 'JOB' | 'EXECUTION' | 'TASK' | 'OPERATION' | 'WORKER_POOL';

export function notFound(kind: Kind, name: string): CloudError {
  const { project, location } = placeOf(name);
  return new CloudError(
    'NOT_FOUND',
    `Resource '${shortName(name)}' of kind '${kind}' in region '${location}' in project '${project}' does not exist.`,
  );
}
