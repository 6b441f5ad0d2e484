import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { recordingContext } from '@fairlead/action-kit';
import { googleClient, GoogleError, type GoogleRequest } from './index.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** An API on this machine that gives these answers, one to each call, the last one to all that follow. */
async function api(...answers: readonly Answer[]) {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    request.resume().on('end', () => answers[Math.min(seen.length, answers.length) - 1]?.(response, request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const context = recordingContext({ env: { CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: origin } });
  return {
    ...context,
    seen,
    origin,
    client: googleClient(context.env, { ...context, api: 'run' }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const json =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const error = (code: number, status: string, message: string) =>
  json(code, { error: { code, status, message } });
const breaks: Answer = (_, request) => request.socket.destroy();

const get: GoogleRequest = { method: 'GET', path: '/v2/x', what: 'get x' };
const post: GoogleRequest = { method: 'POST', path: '/v2/x', what: 'make x', body: {} };

async function refusal(asked: Promise<unknown>): Promise<GoogleError> {
  const thrown = await asked.catch((reason: unknown) => reason);
  if (thrown instanceof GoogleError) return thrown;
  throw new Error('expected a GoogleError', { cause: thrown });
}

test('an endpoint on this machine is sent no credentials, and none are looked for', async () => {
  await using server = await api(json(200, { name: 'x' }));

  const answer = await server.client.request(get);

  expect(answer).toEqual({ name: 'x' });
  expect(server.seen[0]?.headers.authorization).toBeUndefined();
  expect(await server.client.accessToken()).toBeUndefined();
});

describe('a refusal says what to do', () => {
  test.each([
    [
      error(403, 'PERMISSION_DENIED', "Permission 'run.services.update' denied on resource 'x'"),
      "get x: the API answered 403 PERMISSION_DENIED: Permission 'run.services.update' denied on resource 'x'; grant the account of this job a role with run.services.update (roles/run.developer)",
    ],
    [
      error(403, 'PERMISSION_DENIED', 'Cloud Run Admin API has not been used in project 1'),
      'grant the account of this job the role that it lacks, or enable the API in the project',
    ],
    [
      error(401, 'UNAUTHENTICATED', 'Request had invalid credentials'),
      'let google-github-actions/auth run in this job',
    ],
    [error(404, 'NOT_FOUND', "Resource 'x' does not exist"), 'check the project, the region and the name'],
    [
      (response: ServerResponse) => response.writeHead(400).end('<html>\nno'),
      'answered 400 HTTP_400: <html>',
    ],
  ])('%#', async (answer, message) => {
    await using server = await api(answer);

    expect((await refusal(server.client.request(get))).message).toContain(message);
  });

  test('and keeps the reason and the details of the API', async () => {
    const details = [{ '@type': 'ErrorInfo', reason: 'IAM_PERMISSION_DENIED' }];
    await using server = await api(
      json(403, { error: { code: 403, status: 'PERMISSION_DENIED', message: 'no', details } }),
    );

    expect(await refusal(server.client.request(get))).toMatchObject({
      httpStatus: 403,
      status: 'PERMISSION_DENIED',
      reason: 'IAM_PERMISSION_DENIED',
      details,
    });
  });
});

describe('doing it again', () => {
  test.each([
    ['503', error(503, 'UNAVAILABLE', 'busy')],
    ['408', error(408, 'DEADLINE_EXCEEDED', 'slow')],
    ['a broken connection', breaks],
  ])('a safe request is repeated after %s', async (_, answer) => {
    await using server = await api(answer, json(200, {}));

    await server.client.request(get);

    expect(server.seen).toHaveLength(2);
  });

  test.each([
    ['503', error(503, 'UNAVAILABLE', 'busy')],
    ['a broken connection', breaks],
  ])('a request that is not safe is never repeated after %s: it may have been done', async (_, answer) => {
    await using server = await api(answer, json(200, {}));

    await refusal(server.client.request(post));

    expect(server.seen).toHaveLength(1);
  });

  test('a request that was certainly not done (429) is repeated after the time that the server names', async () => {
    const busy = json(
      429,
      { error: { status: 'RESOURCE_EXHAUSTED', message: 'quota' } },
      { 'retry-after': '7' },
    );
    await using server = await api(busy, json(200, {}));

    await server.client.request(post);

    expect(server.seen).toHaveLength(2);
    expect(server.logged.map(({ message }) => message).join()).toContain('trying again in 7000 ms');
  });

  test.each([400, 403, 404, 409])('an answer of %i is final', async (status) => {
    await using server = await api(error(status, 'X', 'no'));

    await refusal(server.client.request(get));

    expect(server.seen).toHaveLength(1);
  });

  test('has an end', async () => {
    await using server = await api(error(503, 'UNAVAILABLE', 'busy'));

    expect((await refusal(server.client.request(get))).message).toBe(
      'get x: the API answered 503 UNAVAILABLE: busy',
    );
    expect(server.seen).toHaveLength(5);
  });
});

test('an endpoint that nothing listens on is named', async () => {
  const server = await api();
  await server[Symbol.asyncDispose]();

  expect((await refusal(server.client.request(get))).message).toBe(
    `get x: nothing answers at ${server.origin} (ECONNREFUSED)`,
  );
});

test('a cancelled job stops waiting, with the reason of the cancellation', async () => {
  const stop = new AbortController();
  await using server = await api(() => {
    stop.abort(new Error('the job was cancelled'));
  });

  await expect(server.client.request({ ...get, signal: stop.signal })).rejects.toThrow(
    'the job was cancelled',
  );
});

describe('credentials', () => {
  test('come from Workload Identity Federation as google-github-actions/auth leaves it, and are masked', async () => {
    await using server = await api(
      json(200, { access_token: 'ya29.secret', expires_in: 3600, token_type: 'Bearer' }),
    );
    using file = credentials({
      type: 'external_account',
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/g',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${server.origin}/token`,
    });
    const context = recordingContext({ env: { GOOGLE_APPLICATION_CREDENTIALS: file.path } });

    const token = await googleClient(context.env, { ...context, api: 'run' }).accessToken();

    expect(token).toBe('ya29.secret');
    expect(context.logged).toContainEqual({ level: 'mask', message: 'ya29.secret' });
  });

  test('that are missing are told with how to get them', async () => {
    const context = recordingContext({ env: { GOOGLE_APPLICATION_CREDENTIALS: '/nowhere.json' } });

    await expect(googleClient(context.env, { ...context, api: 'run' }).accessToken()).rejects.toThrow(
      'no credentials for Google Cloud: in GitHub Actions give the job "permissions: id-token: write" and, before this step, a step with "uses: google-github-actions/auth"',
    );
  });
});

/** A credentials file whose subject token lies beside it. */
function credentials(account: object) {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-google-'));
  const [path, token] = [join(folder, 'credentials.json'), join(folder, 'token')];
  writeFileSync(token, 'a subject token');
  writeFileSync(path, JSON.stringify({ ...account, credential_source: { file: token } }));
  return {
    path,
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
