import { isNotFound, isOutcomeUnknown } from '@fairlead/google';
import type { Api } from './api.ts';
import { executionOf, type Execution, type Job, jobOf, type Task, taskOf } from './job.ts';
import { type JobName, jobPath, locationPath, shortName } from './names.ts';
import { type Operation, operationOf } from './operation.ts';
import type { EnvVar, ExecutionTemplate } from './template.ts';
import { objectsIn, textIn, type Wire, wireOf } from './wire.ts';
import { writeOnce } from './write-once.ts';

/** All that a job is to be: an update of a job has no mask and replaces it. Spread what is live into it. */
export interface JobChange {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly template: ExecutionTemplate;
  /** Runs the job after the write, as the execution `<job>-<token>`; the same token never runs twice. */
  readonly runExecutionToken?: string;
}

export type JobWritten =
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'landed'; readonly live: Job };

export interface RunOverrides {
  readonly containerOverrides?: readonly {
    readonly args?: readonly string[];
    readonly env?: readonly EnvVar[];
  }[];
  readonly timeout?: string;
}

/** An execution that was started, and the operation that ends with it; absent when the reply was lost. */
export interface Started {
  /** Short name. */
  readonly execution: string;
  readonly operation?: Operation;
}

export async function getJob(api: Api, name: JobName): Promise<Job | undefined> {
  const found = await read(api, `/v2/${jobPath(name)}`, `get job ${name.job}`);
  return found === undefined ? undefined : jobOf(found);
}

/** Creates a job. A conflict means that it exists already, made by somebody else. */
export async function createJob(api: Api, name: JobName, change: JobChange): Promise<JobWritten> {
  const what = `create job ${name.job}`;
  const path = `/v2/${locationPath(name)}/jobs?jobId=${encodeURIComponent(name.job)}`;
  return writeOnce<JobWritten, Job>({
    what,
    write: async () => taken(await api.google.request({ method: 'POST', path, what, body: change }), what),
    landed: (live) => ({ kind: 'landed', live }),
    read: () => getJob(api, name),
    isBefore: (live) => live === undefined,
    isDone: (live) => shows(live, change),
  });
}

/** Replaces a job under the etag that was read. A conflict means that somebody else wrote since. */
export async function patchJob(
  api: Api,
  name: JobName,
  { etag, change }: { readonly etag: string; readonly change: JobChange },
): Promise<JobWritten> {
  const what = `update job ${name.job}`;
  const request = { method: 'PATCH', path: `/v2/${jobPath(name)}`, what } as const;
  const body = { name: jobPath(name), etag, ...change };
  return writeOnce<JobWritten, Job>({
    what,
    write: async () => taken(await api.google.request({ ...request, body }), what),
    landed: (live) => ({ kind: 'landed', live }),
    read: () => getJob(api, name),
    isBefore: (live) => live?.etag === etag,
    isDone: (live) => shows(live, change),
  });
}

/**
 * Starts one execution of the job as it was read. When the reply is lost the job is read: an execution that is newer
 * than the one in `before` is taken for ours — the caller recognises it by its key — and only when there is none the
 * run is sent again, under the same etag.
 */
export async function runJob(
  api: Api,
  name: JobName,
  { before, overrides }: { readonly before: Job; readonly overrides?: RunOverrides },
): Promise<Started> {
  const what = `run job ${name.job}`;
  const body = { etag: before.etag, ...(overrides === undefined ? {} : { overrides }) };
  const run = async () => {
    const path = `/v2/${jobPath(name)}:run`;
    return started(operationOf(wireOf(await api.google.request({ method: 'POST', path, what, body }), what)));
  };
  try {
    return await run();
  } catch (thrown) {
    if (!isOutcomeUnknown(thrown)) throw thrown;
    return (await startedMeanwhile(api, name, before)) ?? (await run());
  }
}

export async function getExecution(
  api: Api,
  name: JobName,
  execution: string,
): Promise<Execution | undefined> {
  const found = await read(api, executionPath(name, execution), `get execution ${execution}`);
  return found === undefined ? undefined : executionOf(found);
}

/** The executions of a job, newest first; none when the job does not exist. */
export async function listExecutions(api: Api, name: JobName): Promise<readonly Execution[]> {
  const wires = await list(api, `/v2/${jobPath(name)}/executions`, 'executions');
  return wires.map(executionOf).sort((a, b) => (a.createTime < b.createTime ? 1 : -1));
}

export async function listTasks(api: Api, name: JobName, execution: string): Promise<readonly Task[]> {
  const wires = await list(api, `${executionPath(name, execution)}/tasks`, 'tasks');
  return wires.map(taskOf).sort((a, b) => a.index - b.index);
}

/** Asks for the end of an execution; it ends some time after this returns. */
export async function cancelExecution(api: Api, name: JobName, execution: string): Promise<Operation> {
  const what = `cancel execution ${execution}`;
  const path = `${executionPath(name, execution)}:cancel`;
  return operationOf(
    wireOf(await api.google.request({ method: 'POST', path, what, body: {}, safe: true }), what),
  );
}

async function startedMeanwhile(api: Api, name: JobName, before: Job): Promise<Started | undefined> {
  const latest = (await getJob(api, name))?.latestCreatedExecution;
  if (latest === undefined || latest === before.latestCreatedExecution) return undefined;
  return { execution: latest };
}

function started(operation: Operation): Started {
  return { execution: shortName(textIn(operation.metadata, 'name') ?? ''), operation };
}

function taken(answer: unknown, what: string): JobWritten {
  return { kind: 'operation', operation: operationOf(wireOf(answer, what)) };
}

// The server fills in what a template leaves out, so only what identifies a change is compared.
function shows(live: Job | undefined, change: JobChange): live is Job {
  const container = (template: ExecutionTemplate) => template.template?.containers?.[0];
  const [found, meant] = [live && container(live.template), container(change.template)];
  return (
    live !== undefined &&
    found?.image === meant?.image &&
    JSON.stringify(found?.command) === JSON.stringify(meant?.command) &&
    JSON.stringify(found?.args) === JSON.stringify(meant?.args) &&
    covers(live.annotations, change.annotations) &&
    covers(live.labels, change.labels)
  );
}

function covers(
  live: Readonly<Record<string, string>>,
  meant: Readonly<Record<string, string>> = {},
): boolean {
  return Object.entries(meant).every(([key, value]) => live[key] === value);
}

async function read({ google }: Api, path: string, what: string): Promise<Wire | undefined> {
  try {
    return wireOf(await google.request({ method: 'GET', path, what }), what);
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

async function list(api: Api, path: string, field: string): Promise<readonly Wire[]> {
  const wires: Wire[] = [];
  let pageToken = '';
  do {
    const query = `pageSize=100${pageToken === '' ? '' : `&pageToken=${encodeURIComponent(pageToken)}`}`;
    const page = (await read(api, `${path}?${query}`, `list ${field}`)) ?? {};
    wires.push(...objectsIn(page, field));
    pageToken = textIn(page, 'nextPageToken') ?? '';
  } while (pageToken !== '');
  return wires;
}

function executionPath(name: JobName, execution: string): string {
  return `/v2/${jobPath(name)}/executions/${encodeURIComponent(execution)}`;
}
