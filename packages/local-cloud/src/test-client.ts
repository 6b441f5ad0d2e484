import type { Condition, Service } from './control/resources.ts';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from './local-cloud.ts';
import { checkReply } from './test-reply.ts';

/** For tests: what a call answered. */
export interface Answer {
  readonly status: number;
  readonly body: Body;
}

/** The fields of all the messages that tests look at. */
export interface Body extends Omit<Service, 'template'> {
  readonly template?: { readonly revision?: string; readonly containers?: readonly object[] } & Record<
    string,
    unknown
  >;
  readonly conditions?: readonly Condition[];
  readonly expireTime?: string;
  readonly metadata?: Body;
  readonly response?: Body;
  readonly done?: boolean;
  readonly error?: {
    readonly code: number;
    readonly message: string;
    readonly status?: string;
    readonly details?: readonly object[];
  };
  readonly services?: readonly Body[];
  readonly revisions?: readonly Body[];
  readonly executions?: readonly Body[];
  readonly tasks?: readonly Body[];
  readonly operations?: readonly Body[];
  readonly latestCreatedExecution?: { readonly name?: string; readonly completionStatus?: string };
  readonly nextPageToken?: string;
}

/** For tests: a local cloud and a client of its API, both closed together. Every answer is checked against the protos. */
export interface TestCloud extends AsyncDisposable {
  readonly cloud: LocalCloud;
  /** The path is what follows `/v2/projects/p/locations/r/`. */
  readonly call: (method: string, path: string, body?: unknown) => Promise<Answer>;
  /** The call and then `:wait` on the operation that it returns; the operation done, or the refusal. */
  readonly write: (method: string, path: string, body?: unknown) => Promise<Answer>;
}

const PARENT = 'projects/p/locations/r';

export async function testCloud(options: Partial<LocalCloudOptions> = {}): Promise<TestCloud> {
  const cloud = await startLocalCloud({ containers: 'none', ...options });
  const at = async (method: string, path: string, sent?: unknown): Promise<Answer> => {
    const url = `${cloud.url}/v2/${path}`;
    const response = await fetch(url, {
      method,
      ...(sent === undefined
        ? {}
        : { body: JSON.stringify(sent), headers: { 'content-type': 'application/json' } }),
    });
    const body = (await response.json()) as Body;
    checkReply({ method, url }, response.status, body);
    return { status: response.status, body };
  };
  const write = async (method: string, path: string, body?: unknown) => {
    const answer = await at(method, `${PARENT}/${path}`, body);
    return answer.status === 200 ? at('POST', `${answer.body.name ?? ''}:wait`, { timeout: '20s' }) : answer;
  };
  return {
    cloud,
    call: (method, path, body) => at(method, `${PARENT}/${path}`, body),
    write,
    [Symbol.asyncDispose]: cloud.close,
  };
}

/** A service body that the API accepts. */
export function serviceBody(changes: Partial<Service> = {}): Service {
  return { template: { containers: [{ image: 'localhost:5000/web' }] }, ...changes };
}
