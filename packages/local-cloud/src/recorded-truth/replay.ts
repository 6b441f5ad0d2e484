import type { LocalCloud } from '../local-cloud.ts';
import { type Facts, factsOf } from './facts.ts';
import type { Recorded } from './read-recording.ts';

/** What was recorded and what the local cloud says to the same request. */
export interface Compared {
  /** The kind of message that was answered: `service`, `job operation`, …. */
  readonly message: string;
  readonly recorded: Facts;
  readonly ours: Facts;
}

/** Sends the requests of one recording in order; each waits until what the one before has set going is over. */
export async function replay(
  cloud: LocalCloud,
  recording: readonly Recorded[],
): Promise<readonly Compared[]> {
  const compared: Compared[] = [];
  const jobId = jobIdOf(recording);
  let operation = '';
  for (const recorded of recording) {
    const fill = (text: string) =>
      text
        .replaceAll('${projectId}', 'recorded')
        .replaceAll('${uniqueId}', 'unique')
        .replaceAll('${projectNumber}', '1')
        .replaceAll('${jobID}', jobId)
        .replaceAll('${operationID}', operation);
    const { status, answer } = await send(cloud, recorded, fill);
    await cloud.idle();
    operation = operationOf(answer) ?? operation;
    compared.push({
      message: messageOf(recorded),
      recorded: factsOf(recorded.status, recorded.answer, (text) => blank(fill(text))),
      ours: factsOf(status, answer, blank),
    });
  }
  return compared;
}

async function send(
  cloud: LocalCloud,
  { method, url, body }: Recorded,
  fill: (text: string) => string,
): Promise<{ readonly status: number; readonly answer: unknown }> {
  const { pathname, search } = new URL(fill(url));
  const response = await fetch(`${cloud.url}${pathname}${search}`, {
    method,
    ...(body === '' ? {} : { body: fill(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, answer: await response.json() };
}

function messageOf({ method, url, status, answer }: Recorded): string {
  if (status !== 200) return 'error';
  const kind = JSON.stringify(answer).includes('/jobs/') ? 'job' : 'service';
  return method !== 'GET' || url.includes('/operations/') ? `${kind} operation` : kind;
}

/** The recordings say `${jobID}` in addresses and the job's own name in answers. */
function jobIdOf(recording: readonly Recorded[]): string {
  const text = JSON.stringify(recording.map(({ answer }) => answer));
  return (/\/jobs\/([\w-]+-\$\{uniqueId\})/.exec(text)?.[1] ?? '').replace('${uniqueId}', 'unique');
}

function operationOf(answer: unknown): string | undefined {
  const name = typeof answer === 'object' && answer !== null && 'name' in answer ? String(answer.name) : '';
  return /\/operations\/([^/]+)$/.exec(name)?.[1];
}

function blank(text: string): string {
  return text
    .replace(/\/operations\/.+$/, '/operations/*')
    .replace(/^\d+-compute@/, '*-compute@')
    .replace(/run(?:job|service)[\w-]*/g, '*');
}
