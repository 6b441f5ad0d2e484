import { expect } from '@jest/globals';

import type { LocalCloud } from './local-cloud.ts';
import { misfits } from './messages/test-protos.ts';

/** For tests of the neighbours: a JSON call to any of the APIs, its good answers held to Google's protos. */
export interface ApiCall {
  readonly method?: string;
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
  /** The full name of the message that a good answer is. */
  readonly answers?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: ApiBody;
}

interface ApiBody {
  readonly error?: { readonly code: number; readonly message: string; readonly status: string };
  readonly nextPageToken?: string;
  readonly [field: string]: unknown;
}

export async function callApi(cloud: LocalCloud, call: ApiCall): Promise<ApiAnswer> {
  const { method = 'GET', path, body, answers = 'google.protobuf.Empty', headers = {} } = call;
  const response = await fetch(`${cloud.url}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as ApiBody;
  const type = response.ok ? answers : 'google.rpc.Status';
  expect(misfits(type, response.ok ? answer : statusOf(answer))).toEqual([]);
  return { status: response.status, body: answer };
}

/** The error of an HTTP answer as google.rpc.Status, whose code is another number. */
function statusOf({ error }: ApiBody): object {
  const { code, status, ...rest } = error ?? { code: 0, status: '' };
  expect([typeof code, status]).toEqual(['number', expect.stringMatching(/^[A-Z_]+$/)]);
  return rest;
}
