import { messageOf } from '@fairlead/action-kit';

/** What a load generator has seen so far. */
export interface Requests {
  readonly total: number;
  readonly failed: number;
}

export interface Load {
  readonly seen: () => Requests;
  /** The first failures, in words. */
  readonly failures: () => readonly string[];
  /** Stops sending and waits for what is in flight. */
  readonly stop: () => Promise<Requests>;
}

export interface LoadOptions {
  readonly url: string;
  readonly query: string;
  /** Senders at once; each waits for its answer and then `pauseMs`. */
  readonly senders: number;
  readonly pauseMs: number;
}

/** Sends a GraphQL query again and again; an answer counts as failed unless it is a 200 with data and without errors. */
export function startLoad(options: LoadOptions): Load {
  let total = 0;
  const failures: string[] = [];
  let failed = 0;
  const stopping = new AbortController();
  const sender = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const failure = await askedFor(options);
      total += 1;
      if (failure !== undefined) {
        failed += 1;
        if (failures.length < 10) failures.push(failure);
      }
      await new Promise((resolve) => setTimeout(resolve, options.pauseMs));
    }
  };
  const senders = Array.from({ length: options.senders }, sender);
  const seen = (): Requests => ({ total, failed });
  return {
    seen,
    failures: () => failures,
    stop: async () => {
      stopping.abort();
      await Promise.all(senders);
      return seen();
    },
  };
}

async function askedFor({ url, query }: LoadOptions): Promise<string | undefined> {
  try {
    await askGraphql(url, query);
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

/** The data of a GraphQL answer; throws with the status and the start of the body when it is anything but clean. */
export async function askGraphql(url: string, query: string): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  const body = parsed(text);
  if (response.status === 200 && body !== undefined && body.errors === undefined && body.data !== undefined)
    return body.data;
  throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`);
}

function parsed(text: string): { readonly data?: unknown; readonly errors?: unknown } | undefined {
  try {
    return JSON.parse(text) as { data?: unknown; errors?: unknown };
  } catch {
    return undefined;
  }
}
