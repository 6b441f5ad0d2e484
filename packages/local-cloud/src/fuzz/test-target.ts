import { statSync } from 'node:fs';
import { Agent, request as ask } from 'node:http';

import { startLocalCloud } from '../local-cloud.ts';
import type { FuzzedRequest } from './test-requests.ts';

/** For tests: what came of a request. */
export interface Verdict {
  readonly status: number;
  /** A 5xx that nobody asked for. */
  readonly defect: boolean;
  /** A request that was refused may change nothing of what the cloud remembers. */
  readonly changed: 'as it may' | 'though it was refused';
  readonly body: string;
}

export interface Target extends AsyncDisposable {
  readonly send: (request: FuzzedRequest) => Promise<Verdict>;
  readonly defects: readonly string[];
}

/** A local cloud with a state file: whatever changes is in the file before the answer, so that its size tells. */
export async function openTarget(state: string): Promise<Target> {
  const defects: string[] = [];
  const cloud = await startLocalCloud({
    containers: 'none',
    state,
    log: (line) => {
      defects.push(line);
    },
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const flush = { method: 'GET', path: '/storage/v1/b', headers: {}, body: '' };
  const settled = async () => {
    await cloud.idle();
    await answerOf(cloud.url, agent, flush);
    return statSync(state).size;
  };
  let size = await settled();
  return {
    defects,
    send: async (request) => {
      const { status, body } = await answerOf(cloud.url, agent, request);
      // It shrinks when it is written anew, which says nothing.
      const now = statSync(state).size;
      const isSame = now <= size;
      size = status < 400 && request.method !== 'GET' ? await settled() : now;
      return {
        status,
        body,
        defect: status >= 500 && status !== 501 && status !== 505,
        changed: status < 400 || isSame ? 'as it may' : 'though it was refused',
      };
    },
    [Symbol.asyncDispose]: async () => {
      agent.destroy();
      await cloud.close();
    },
  };
}

function answerOf(
  url: string,
  agent: Agent,
  { method, path, headers, body: text }: FuzzedRequest,
): Promise<{ readonly status: number; readonly body: string }> {
  const { hostname, port } = new URL(url);
  const body = Buffer.from(text);
  return new Promise((resolve, reject) => {
    const sent = ask(
      {
        hostname,
        port,
        agent,
        method,
        path,
        headers: { ...headers, 'content-length': body.length },
        timeout: 10_000,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString().slice(0, 500) });
        });
      },
    );
    sent.on('timeout', () => {
      sent.destroy(new Error('no answer within 10 s'));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
