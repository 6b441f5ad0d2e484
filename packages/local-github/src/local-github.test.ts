import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';

import { type LocalGithub, startLocalGithub, type Subject } from './index.ts';

const SHA = 'a'.repeat(40);

describe('the REST API', () => {
  test('a deployment and its statuses are listed newest first', async () => {
    await using github = await startLocalGithub();

    const created = await call(github, 'POST', '/deployments', {
      ref: SHA,
      environment: 'staging',
      auto_merge: false,
    });
    const id = (created.body as { id: number }).id;
    await call(github, 'POST', `/deployments/${id}/statuses`, { state: 'in_progress' });
    await call(github, 'POST', `/deployments/${id}/statuses`, { state: 'success' });
    const listed = await call(github, 'GET', `/deployments?environment=staging`);
    const statuses = await call(github, 'GET', `/deployments/${id}/statuses`);

    expect(created.status).toBe(201);
    expect(listed.body).toMatchObject([{ id, sha: SHA, environment: 'staging' }]);
    expect(statuses.body).toMatchObject([{ state: 'success' }, { state: 'in_progress' }]);
  });

  test('a comment is created, changed and deleted', async () => {
    await using github = await startLocalGithub();

    const created = await call(github, 'POST', '/issues/7/comments', { body: 'first' });
    const id = (created.body as { id: number }).id;
    await call(github, 'PATCH', `/issues/comments/${id}`, { body: 'second' });
    const listed = await call(github, 'GET', '/issues/7/comments');
    const deleted = await call(github, 'DELETE', `/issues/comments/${id}`);

    expect(listed.body).toMatchObject([{ id, body: 'second' }]);
    expect(deleted.status).toBe(204);
    expect((await call(github, 'GET', '/issues/7/comments')).body).toEqual([]);
  });

  test('a check is completed by its conclusion', async () => {
    await using github = await startLocalGithub();

    const created = await call(github, 'POST', '/check-runs', {
      name: 'plan',
      head_sha: SHA,
      status: 'in_progress',
    });
    const id = (created.body as { id: number }).id;
    const done = await call(github, 'PATCH', `/check-runs/${id}`, { conclusion: 'success' });

    expect(done.body).toMatchObject({ id, status: 'completed', conclusion: 'success' });
  });

  test('a long list comes in pages that link to the next', async () => {
    await using github = await startLocalGithub();
    for (const body of ['a', 'b', 'c']) await call(github, 'POST', '/issues/1/comments', { body });

    const first = await call(github, 'GET', '/issues/1/comments?per_page=2');

    expect(first.body).toHaveLength(2);
    expect(first.link).toContain('per_page=2&page=2>; rel="next"');
  });

  test.each([
    [
      'a comment that is too long',
      'POST',
      '/issues/1/comments',
      { body: 'x'.repeat(65_537) },
      422,
      'Body is too long',
    ],
    [
      'a state that GitHub does not know',
      'POST',
      '/deployments/1/statuses',
      { state: 'done' },
      422,
      'must be equal to one of',
    ],
    ['a comment without a body', 'POST', '/issues/1/comments', {}, 422, "must have required property 'body'"],
    ['a path that GitHub does not have', 'POST', '/deploymints', {}, 404, 'Not Found'],
    ['a check that does not exist', 'GET', '/check-runs/9', undefined, 404, 'Not Found'],
  ])('%s is refused', async (_, method, path, body, status, message) => {
    await using github = await startLocalGithub();

    const answer = await call(github, method, path, body);

    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(message);
  });

  test('a call without a token is refused', async () => {
    await using github = await startLocalGithub();

    expect((await fetch(`${github.url}/repos/acme/shop/deployments`)).status).toBe(401);
  });

  test('the hourly budget of a token runs out and comes back', async () => {
    let now = 0;
    await using github = await startLocalGithub({ requestsPerHour: 1, now: () => now });

    const statuses = [await list(github), await list(github)];
    now += 3_600_000;

    expect([...statuses, await list(github)]).toEqual([200, 403, 200]);
  });
});

describe('the OIDC provider', () => {
  test('a job that may ask gets a token whose subject cannot be taken over by a rename', async () => {
    await using github = await startLocalGithub();
    const env = github.jobEnvironment(subject, { requestIdToken: true });

    const token = await idToken(env, 'https://iam.example/pool');
    const claims = await verified(github, token);

    expect(claims).toMatchObject({
      sub: 'repo:acme@42/shop@7:ref:refs/heads/main',
      aud: 'https://iam.example/pool',
      repository_id: '7',
    });
  });

  test('a job that may not ask gets no address to ask at', async () => {
    await using github = await startLocalGithub();

    const env = github.jobEnvironment(subject, { requestIdToken: false });

    expect(Object.keys(env)).toEqual(['GITHUB_API_URL', 'ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN']);
  });
});

describe('artifacts', () => {
  test('blocks are joined in the order of the list and the digest is kept', async () => {
    await using github = await startLocalGithub();

    const { signed_upload_url: upload } = (await twirp(github, 'CreateArtifact', { ...run, name: 'plan' }))
      .body as {
      signed_upload_url: string;
    };
    await fetch(`${upload}&comp=block&blockid=2`, { method: 'PUT', body: 'world' });
    await fetch(`${upload}&comp=block&blockid=1`, { method: 'PUT', body: 'hello ' });
    const list = '<BlockList><Latest>1</Latest><Latest>2</Latest></BlockList>';
    await fetch(`${upload}&comp=blocklist`, { method: 'PUT', body: list });
    await twirp(github, 'FinalizeArtifact', { ...run, name: 'plan' });
    const { signed_url: download } = (await twirp(github, 'GetSignedArtifactURL', { ...run, name: 'plan' }))
      .body as {
      signed_url: string;
    };

    expect(await (await fetch(download)).text()).toBe('hello world');
  });

  test('a second artifact of the same name is refused', async () => {
    await using github = await startLocalGithub();
    await twirp(github, 'CreateArtifact', { ...run, name: 'plan' });

    expect((await twirp(github, 'CreateArtifact', { ...run, name: 'plan' })).status).toBe(409);
  });

  test('an upload whose hash differs from what arrived is refused', async () => {
    await using github = await startLocalGithub();
    await twirp(github, 'CreateArtifact', { ...run, name: 'plan' });

    const finalized = await twirp(github, 'FinalizeArtifact', {
      ...run,
      name: 'plan',
      hash: { value: 'sha256:00' },
    });

    expect(finalized.status).toBe(400);
  });
});

const run = { workflow_run_backend_id: 'run', workflow_job_run_backend_id: 'job' };

const subject: Subject = {
  repository: 'acme/shop',
  repositoryId: '7',
  ownerId: '42',
  ref: 'refs/heads/main',
  sha: SHA,
  workflowRef: 'acme/shop/.github/workflows/deliver.yml@refs/heads/main',
  jobWorkflowRef: 'fairlead/fairlead/.github/workflows/deliver.yml@refs/tags/v1',
  event: 'push',
};

async function call(github: LocalGithub, method: string, path: string, body?: unknown) {
  const response = await fetch(`${github.url}/repos/acme/shop${path}`, {
    method,
    headers: { authorization: `token ${github.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    link: response.headers.get('link') ?? undefined,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}

async function list(github: LocalGithub): Promise<number> {
  return (await call(github, 'GET', '/deployments')).status;
}

async function twirp(github: LocalGithub, method: string, body: unknown) {
  const url = `${github.url}/twirp/github.actions.results.api.v1.ArtifactService/${method}`;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

async function idToken(env: Readonly<Record<string, string>>, audience: string): Promise<string> {
  const url = `${env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? ''}&audience=${encodeURIComponent(audience)}`;
  const authorization = `Bearer ${env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''}`;
  const response = await fetch(url, { headers: { authorization } });
  return ((await response.json()) as { value: string }).value;
}

async function verified(github: LocalGithub, token: string): Promise<unknown> {
  const { keys } = (await (await fetch(`${github.url}/.well-known/jwks`)).json()) as { keys: [JsonWebKey] };
  const [header = '', claims = '', signature = ''] = token.split('.');
  const key = createPublicKey({ key: keys[0], format: 'jwk' });
  const isGenuine = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    key,
    Buffer.from(signature, 'base64url'),
  );
  return isGenuine ? JSON.parse(Buffer.from(claims, 'base64url').toString()) : 'forged';
}
