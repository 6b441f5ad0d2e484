import { expect } from '@jest/globals';

import type { LocalCloudOptions } from '../local-cloud.ts';
import { type TestCloud, testCloud } from '../test-client.ts';
import { listOf, type Message, messageOf, textOf } from './mapping.ts';
import { readV1 } from './read-v1.ts';
import { V1_SCHEMA } from './v1-schema.ts';

/** For tests: what a v1 call answered. */
export interface V1Answer {
  readonly status: number;
  readonly body: V1Body;
}

/** The fields of all v1 messages that tests look at. */
export interface V1Body extends Message {
  readonly metadata?: {
    readonly name?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly continue?: string;
  };
  readonly spec?: Message;
  readonly status?: Message | string;
  readonly items?: readonly V1Body[];
  readonly error?: { readonly code: number; readonly message: string; readonly status: string };
}

/** For tests: a local cloud and clients of its v1 and v2 in the same place; every answer of v1 is checked against v1's messages. */
export interface TestV1 extends TestCloud {
  /** The path is what follows `/apis/`, with `GROUP` as `serving` or `run`: `serving/services`. */
  readonly v1: (method: string, path: string, body?: unknown) => Promise<V1Answer>;
  /** Any path of the server. */
  readonly at: (method: string, path: string, body?: unknown) => Promise<V1Answer>;
}

const BASES: Readonly<Record<string, string>> = {
  serving: '/apis/serving.knative.dev/v1/namespaces/p',
  run: '/apis/run.googleapis.com/v1/namespaces/p',
};

export async function testV1(options: Partial<LocalCloudOptions> = {}): Promise<TestV1> {
  const t = await testCloud({ region: 'r', ...options });
  const at = async (method: string, path: string, body?: unknown): Promise<V1Answer> => {
    const response = await fetch(`${t.cloud.url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as V1Body;
    checkForm(answer);
    return { status: response.status, body: answer };
  };
  const v1 = (method: string, path: string, body?: unknown) => {
    const [group = '', ...rest] = path.split('/');
    return at(method, `${BASES[group] ?? ''}/${rest.join('/')}`, body);
  };
  return { ...t, at, v1, [Symbol.asyncDispose]: t.cloud.close };
}

/** A v1 service as a client writes it. */
export function knativeService(name: string, image = 'localhost:5000/web'): Message {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name, namespace: 'p' },
    spec: { template: { spec: { containers: [{ image }] } } },
  };
}

/** A v1 job as a client writes it. */
export function knativeJob(name: string): Message {
  const spec = { containers: [{ image: 'localhost:5000/migrate' }], maxRetries: 0 };
  return {
    apiVersion: 'run.googleapis.com/v1',
    kind: 'Job',
    metadata: { name, namespace: 'p' },
    spec: { template: { spec: { template: { spec } } } },
  };
}

function checkForm(answer: Message): void {
  const resources = [answer, messageOf(answer['response']), ...listOf(answer['items']).map(messageOf)];
  for (const { '@type': type, ...resource } of resources) {
    const kind = textOf(resource['kind']);
    if (V1_SCHEMA[kind] !== undefined) expect(readV1(kind, resource)).toEqual(resource);
    expect(typeof type).toMatch(/^(?:string|undefined)$/);
  }
}
