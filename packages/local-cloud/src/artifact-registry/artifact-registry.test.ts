import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '@fairlead/action-kit';
import { describe, expect, test } from '@jest/globals';

import { callApi } from '../test-api.ts';
import { testCloud } from '../test-client.ts';

const AR = 'google.devtools.artifactregistry.v1';
const OPERATION = 'google.longrunning.Operation';
const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const PARENT = 'projects/p/locations/us-central1';
const REPOSITORY = `${PARENT}/repositories/apps`;
const START = Date.parse('2026-11-21T08:00:00Z');

interface Named {
  readonly name: string;
}

/** A cloud at 08:00 whose registry images are pushed to, as `p/apps/IMAGE`. */
async function artifactCloud() {
  let timeMs = START;
  const t = await testCloud({ clock: { now: () => timeMs, sleep: systemClock.sleep } });
  const registry = `http://${t.cloud.registry}/v2`;
  const blob = async (image: string, content: string) => {
    const digest = digestOf(content);
    await fetch(`${registry}/p/apps/${image}/blobs/uploads/?digest=${digest}`, {
      method: 'POST',
      body: content,
    });
    return { mediaType: 'application/octet-stream', digest, size: content.length };
  };
  const put = async (image: string, manifest: object, { tag, type }: { tag?: string; type: string }) => {
    const body = JSON.stringify(manifest);
    const digest = digestOf(body);
    await fetch(`${registry}/p/apps/${image}/manifests/${tag ?? digest}`, {
      method: 'PUT',
      headers: { 'content-type': type },
      body,
    });
    return digest;
  };
  const call = (method: string, path: string, answers: string, body?: unknown) =>
    callApi(t.cloud, {
      method,
      path: `/v1/${path}`,
      answers: answers.includes('.') ? answers : `${AR}.${answers}`,
      ...(body === undefined ? {} : { body }),
    });
  return {
    ...t,
    turnTo: (seconds: number) => {
      timeMs = START + seconds * 1_000;
    },
    get: (path: string, answers: string) => call('GET', path, answers),
    post: (path: string, body: unknown, answers: string) => call('POST', path, answers, body),
    patch: (path: string, body: unknown, answers: string) => call('PATCH', path, answers, body),
    remove: (path: string, answers = 'google.longrunning.Operation') => call('DELETE', path, answers),
    push: async (image: string, content: string, tag?: string) => {
      const config = await blob(image, JSON.stringify({ content, created: '2026-11-20T10:00:00.5Z' }));
      const layer = await blob(image, `layer of ${content}`);
      const manifest = { schemaVersion: 2, mediaType: IMAGE, config, layers: [layer] };
      const digest = await put(image, manifest, { type: IMAGE, ...(tag === undefined ? {} : { tag }) });
      return { digest, size: config.size + layer.size };
    },
    pushIndex: (image: string, child: string, tag: string) =>
      put(
        image,
        {
          schemaVersion: 2,
          mediaType: INDEX,
          manifests: [
            { mediaType: IMAGE, digest: child, size: 1, platform: { os: 'linux', architecture: 'amd64' } },
          ],
        },
        { type: INDEX, tag },
      ),
    [Symbol.asyncDispose]: t.cloud.close,
  };
}

function digestOf(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function namesIn(list: unknown): readonly string[] {
  return (list as readonly Named[] | undefined)?.map(({ name }) => name) ?? [];
}

describe('images that were pushed', () => {
  test('are listed with where they are pulled from, their tags, size and times', async () => {
    await using t = await artifactCloud();
    const { digest, size } = await t.push('web', 'one', 'v1');

    const { body } = await t.get(`${REPOSITORY}/dockerImages`, 'ListDockerImagesResponse');
    const byDigest = await t.get(`${REPOSITORY}/dockerImages/web@${digest}`, 'DockerImage');
    const byTag = await t.get(`${REPOSITORY}/dockerImages/web:v1`, 'DockerImage');

    expect(body).toEqual({
      dockerImages: [
        {
          name: `${REPOSITORY}/dockerImages/web@${digest}`,
          uri: `${t.cloud.registry}/p/apps/web@${digest}`,
          tags: ['v1'],
          imageSizeBytes: String(size),
          uploadTime: '2026-11-21T08:00:00.000Z',
          updateTime: '2026-11-21T08:00:00.000Z',
          mediaType: IMAGE,
          artifactType: 'application/octet-stream',
          buildTime: '2026-11-20T10:00:00.500Z',
        },
      ],
    });
    expect([byDigest.body, byTag.body]).toEqual([(body['dockerImages'] as object[])[0], byDigest.body]);
  });

  test('keep the time of their first upload, and are listed newest first', async () => {
    await using t = await artifactCloud();
    const first = await t.push('web', 'one');
    t.turnTo(60);
    const second = await t.push('web', 'two');
    t.turnTo(120);
    await t.push('web', 'one', 'again');

    const { body } = await t.get(`${REPOSITORY}/packages/web/versions`, 'ListVersionsResponse');
    const oldest = await t.get(
      `${REPOSITORY}/packages/web/versions?orderBy=create_time&pageSize=1`,
      'ListVersionsResponse',
    );

    expect(body['versions']).toMatchObject([
      {
        name: `${REPOSITORY}/packages/web/versions/${second.digest}`,
        createTime: '2026-11-21T08:01:00.000Z',
      },
      { name: `${REPOSITORY}/packages/web/versions/${first.digest}`, createTime: '2026-11-21T08:00:00.000Z' },
    ]);
    expect(namesIn(oldest.body['versions'])).toEqual([`${REPOSITORY}/packages/web/versions/${first.digest}`]);
    expect(oldest.body.nextPageToken).toBeDefined();
  });

  test('of several platforms are told by their index', async () => {
    await using t = await artifactCloud();
    const child = await t.push('web', 'one');
    const digest = await t.pushIndex('web', child.digest, 'v1');

    const { body } = await t.get(`${REPOSITORY}/dockerImages/web@${digest}`, 'DockerImage');

    expect(body).toMatchObject({
      mediaType: INDEX,
      imageSizeBytes: String(child.size),
      imageManifests: [{ os: 'linux', architecture: 'amd64', digest: child.digest, mediaType: IMAGE }],
    });
  });

  test('are packages, whose names may hold slashes', async () => {
    await using t = await artifactCloud();
    const { digest } = await t.push('team/web', 'one', 'v1');
    await t.push('api', 'two');

    const packages = await t.get(`${REPOSITORY}/packages`, 'ListPackagesResponse');
    const one = await t.get(`${REPOSITORY}/packages/team%2Fweb`, 'Package');
    const version = await t.get(`${REPOSITORY}/packages/team%2Fweb/versions/${digest}?view=FULL`, 'Version');
    const encodedTwice = await t.get(`${REPOSITORY}/packages/team%252Fweb/tags/v1`, 'Tag');

    expect(namesIn(packages.body['packages'])).toEqual([
      `${REPOSITORY}/packages/api`,
      `${REPOSITORY}/packages/team%2Fweb`,
    ]);
    expect(one.body).toMatchObject({ name: `${REPOSITORY}/packages/team%2Fweb` });
    expect(version.body).toMatchObject({
      name: `${REPOSITORY}/packages/team%2Fweb/versions/${digest}`,
      relatedTags: [encodedTwice.body],
      metadata: { name: `${REPOSITORY}/dockerImages/team%2Fweb@${digest}`, mediaType: IMAGE },
    });
    expect(encodedTwice.body).toEqual({
      name: `${REPOSITORY}/packages/team%2Fweb/tags/v1`,
      version: `${REPOSITORY}/packages/team%2Fweb/versions/${digest}`,
    });
  });
});

describe('a version', () => {
  test('that a tag stands for goes only by force, and its tags with it', async () => {
    await using t = await artifactCloud();
    const { digest } = await t.push('web', 'one', 'v1');
    const path = `${REPOSITORY}/packages/web/versions/${digest}`;

    const refused = await t.remove(path);
    const stillThere = await t.get(path, 'Version');
    const removed = await t.remove(`${path}?force=true`);
    const done = await t.get(String(removed.body['name']), 'google.longrunning.Operation');
    const gone = await t.get(path, 'Version');
    const pulled = await fetch(`http://${t.cloud.registry}/v2/p/apps/web/manifests/v1`);

    expect([refused.status, refused.body.error?.status]).toEqual([400, 'FAILED_PRECONDITION']);
    expect(stillThere.status).toBe(200);
    expect(removed.body).toMatchObject({ done: true });
    expect(done.body).toEqual(removed.body);
    expect([gone.status, pulled.status]).toEqual([404, 404]);
  });

  test('that an index holds stays, even by force, until the index is gone', async () => {
    await using t = await artifactCloud();
    const child = await t.push('web', 'one');
    const index = await t.pushIndex('web', child.digest, 'v1');
    const versions = `${REPOSITORY}/packages/web/versions`;

    const refused = await t.remove(`${versions}/${child.digest}?force=true`);
    await t.remove(`${versions}/${index}?force=true`);
    const removed = await t.remove(`${versions}/${child.digest}`);

    expect(refused.body.error?.message).toContain(
      'Manifest is still referenced by one or more parent images',
    );
    expect(removed.status).toBe(200);
  });
});

describe('tags', () => {
  test('are made, moved and removed, and the registry follows', async () => {
    await using t = await artifactCloud();
    const one = await t.push('web', 'one');
    const two = await t.push('web', 'two');
    const tags = `${REPOSITORY}/packages/web/tags`;
    const version = (digest: string) => ({ version: `${REPOSITORY}/packages/web/versions/${digest}` });
    const pulled = async () =>
      (await fetch(`http://${t.cloud.registry}/v2/p/apps/web/manifests/live`)).headers.get(
        'docker-content-digest',
      );

    const made = await t.post(`${tags}?tagId=live`, version(one.digest), 'Tag');
    const first = await pulled();
    const again = await t.post(`${tags}?tagId=live`, version(two.digest), 'Tag');
    const moved = await t.patch(`${tags}/live?updateMask=version`, version(two.digest), 'Tag');
    const second = await pulled();
    const listed = await t.get(`${tags}?filter=${encodeURIComponent('name:"live"')}`, 'ListTagsResponse');
    await t.remove(`${tags}/live`, 'google.protobuf.Empty');
    const gone = await t.get(`${tags}/live`, 'Tag');

    expect(made.body).toEqual({ name: `${tags}/live`, ...version(one.digest) });
    expect([first, second, await pulled()]).toEqual([one.digest, two.digest, null]);
    expect([again.status, again.body.error?.status]).toEqual([409, 'ALREADY_EXISTS']);
    expect(listed.body).toEqual({ tags: [moved.body] });
    expect(gone.status).toBe(404);
  });

  test.each([
    [
      'of a version that is not there',
      '?tagId=live',
      `${REPOSITORY}/packages/web/versions/sha256:${'0'.repeat(64)}`,
      404,
    ],
    [
      'of another package',
      '?tagId=live',
      `${REPOSITORY}/packages/api/versions/sha256:${'0'.repeat(64)}`,
      400,
    ],
    [
      'of a name that is none',
      '?tagId=-',
      `${REPOSITORY}/packages/web/versions/sha256:${'0'.repeat(64)}`,
      400,
    ],
    ['of nothing', '?tagId=live', '', 400],
  ])('%s are refused', async (_, query, version, status) => {
    await using t = await artifactCloud();
    await t.push('web', 'one');

    const refused = await t.post(`${REPOSITORY}/packages/web/tags${query}`, { version }, 'Tag');

    expect(refused.status).toBe(status);
    expect((await t.get(`${REPOSITORY}/packages/web/tags`, 'ListTagsResponse')).body).toEqual({});
  });
});

describe('repositories', () => {
  test('are made, described, listed with those that a push made, and removed with all that they hold', async () => {
    await using t = await artifactCloud();
    await t.push('web', 'one', 'v1');

    const made = await t.post(
      `${PARENT}/repositories?repositoryId=empty`,
      { format: 'DOCKER', description: 'none yet' },
      'google.longrunning.Operation',
    );
    const again = await t.post(
      `${PARENT}/repositories?repositoryId=empty`,
      { format: 'DOCKER' },
      'Repository',
    );
    const one = await t.get(`${PARENT}/repositories/empty`, 'Repository');
    const both = await t.get(`${PARENT}/repositories`, 'ListRepositoriesResponse');
    await t.remove(REPOSITORY);
    await t.remove(`${PARENT}/repositories/empty`);
    const none = await t.get(`${PARENT}/repositories`, 'ListRepositoriesResponse');
    const gone = await t.get(`${REPOSITORY}/dockerImages`, 'ListDockerImagesResponse');

    expect(made.body).toMatchObject({ done: true, response: one.body });
    expect([again.status, again.body.error?.message]).toEqual([409, 'the repository already exists']);
    expect(one.body).toMatchObject({
      format: 'DOCKER',
      description: 'none yet',
      registryUri: `${t.cloud.registry}/p/empty`,
    });
    expect(namesIn(both.body['repositories'])).toEqual([REPOSITORY, `${PARENT}/repositories/empty`]);
    expect(none.body).toEqual({});
    expect(gone.status).toBe(404);
  });

  test.each([
    ['a bad id', '?repositoryId=Apps', { format: 'DOCKER' }],
    ['another format', '?repositoryId=apps', { format: 'NPM' }],
    ['another mode', '?repositoryId=apps', { format: 'DOCKER', mode: 'REMOTE_REPOSITORY' }],
    ['an unknown field', '?repositoryId=apps', { format: 'DOCKER', colour: 'red' }],
  ])('are not made with %s', async (_, query, body) => {
    await using t = await artifactCloud();

    const refused = await t.post(`${PARENT}/repositories${query}`, body, 'Repository');

    expect([refused.status, refused.body.error?.status]).toEqual([400, 'INVALID_ARGUMENT']);
    expect((await t.get(`${PARENT}/repositories`, 'ListRepositoriesResponse')).body).toEqual({});
  });
});

test('a package goes with all its versions and tags', async () => {
  await using t = await artifactCloud();
  await t.push('web', 'one', 'v1');
  await t.push('web', 'two');
  await t.push('api', 'three');

  await t.remove(`${REPOSITORY}/packages/web`);

  expect(namesIn((await t.get(`${REPOSITORY}/packages`, 'ListPackagesResponse')).body['packages'])).toEqual([
    `${REPOSITORY}/packages/api`,
  ]);
});

test.each([
  `${REPOSITORY}/packages`,
  `${REPOSITORY}/packages/none`,
  `${REPOSITORY}/packages/none/versions`,
  `${REPOSITORY}/packages/none/tags`,
  `${REPOSITORY}/packages/none/tags/..`,
  `${REPOSITORY}/packages/..%2F..%2Fetc/versions`,
  `${REPOSITORY}/packages/%25/versions`,
  `${REPOSITORY}/dockerImages/none@sha256:0`,
  `${PARENT}/repositories/none`,
  `${PARENT}/operations/ar-0`,
])('%s is not found', async (path) => {
  await using t = await artifactCloud();

  const { status, body } = await t.get(path, 'Package');

  expect([status, body.error?.message]).toEqual([404, 'Requested entity was not found.']);
});

describe('a repository that is updated', () => {
  test('changes what the mask names, and what is said without one', async () => {
    await using t = await artifactCloud();
    await t.post(
      `${PARENT}/repositories?repositoryId=apps`,
      { format: 'DOCKER', labels: { a: 'b' } },
      OPERATION,
    );
    t.turnTo(60);

    const masked = await t.patch(
      `${REPOSITORY}?updateMask=dockerConfig.immutableTags,description`,
      { dockerConfig: { immutableTags: true }, labels: { c: 'd' } },
      'Repository',
    );
    const whole = await t.patch(REPOSITORY, { ...masked.body, description: 'ours' }, 'Repository');

    expect(masked.body).toMatchObject({
      labels: { a: 'b' },
      dockerConfig: { immutableTags: true },
      createTime: '2026-11-21T08:00:00.000Z',
      updateTime: '2026-11-21T08:01:00.000Z',
    });
    expect(whole.body).toMatchObject({ description: 'ours', labels: { a: 'b' } });
    expect((await t.get(REPOSITORY, 'Repository')).body).toEqual(whole.body);
  });

  test.each([
    ['?updateMask=colour', {}, '"colour" is not a field that can be updated'],
    ['?updateMask=format', { format: 'NPM' }, 'cannot be changed'],
    ['', { cleanupPolicies: { old: { action: 'DELETE' } } }, 'either a condition'],
    ['', { colour: 'red' }, 'Unknown name "colour"'],
    ['', { format: 'NPM' }, 'cannot be changed'],
    ['?updateMask=*', { format: 'NPM' }, 'cannot be changed'],
    ['', { dockerConfig: { immutableTags: 'x' } }, `'immutable_tags' (TYPE_BOOL), "x"`],
    ['', { dockerConfig: 'x' }, `Invalid value at 'repository.docker_config'`],
    ['', { cleanupPolicyDryRun: 1 }, `'cleanup_policy_dry_run' (TYPE_BOOL), 1`],
    ['', { vulnerabilityScanningConfig: [] }, `'repository.vulnerability_scanning_config'`],
  ])('is refused with %s %j and stays as it is', async (query, body, message) => {
    await using t = await artifactCloud();
    await t.post(`${PARENT}/repositories?repositoryId=apps`, { format: 'DOCKER' }, OPERATION);
    const before = await t.get(REPOSITORY, 'Repository');

    const refused = await t.patch(`${REPOSITORY}${query}`, body, 'Repository');

    expect([refused.status, refused.body.error?.message]).toEqual([400, expect.stringContaining(message)]);
    expect((await t.get(REPOSITORY, 'Repository')).body).toEqual(before.body);
  });
});

test('repositories that were made outlive the process with what was written of them', async () => {
  await using folder = await temporaryFolder();
  const state = join(folder.path, 'cloud.state');
  const labels = { team: 'a' };
  await using before = await testCloud({ state });
  const path = `/v1/${PARENT}/repositories?repositoryId=apps`;
  await callApi(before.cloud, {
    method: 'POST',
    path,
    body: { format: 'DOCKER', labels },
    answers: OPERATION,
  });
  await before.cloud.close();

  await using after = await testCloud({ state });
  const found = await callApi(after.cloud, { path: `/v1/${REPOSITORY}`, answers: `${AR}.Repository` });

  expect(found.body).toMatchObject({ labels });
});

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'artifacts-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

test('tags that are immutable are neither moved nor removed, and what they stand for stays', async () => {
  await using t = await artifactCloud();
  const settings = { format: 'DOCKER', dockerConfig: { immutableTags: true } };
  await t.post(`${PARENT}/repositories?repositoryId=apps`, settings, OPERATION);
  const web = `${REPOSITORY}/packages/web`;
  const one = await t.push('web', 'one', 'v1');
  const two = await t.push('web', 'two');

  const refusals = [
    await t.patch(`${web}/tags/v1`, { version: `${web}/versions/${two.digest}` }, 'Tag'),
    await t.remove(`${web}/tags/v1`, 'google.protobuf.Empty'),
    await t.remove(`${web}/versions/${one.digest}?force=true`),
    await t.remove(web),
  ];
  const added = await t.post(`${web}/tags?tagId=v2`, { version: `${web}/versions/${two.digest}` }, 'Tag');

  expect(refusals.map(({ status, body }) => [status, body.error?.message])).toEqual(
    Array.from({ length: 4 }, () => [
      400,
      expect.stringMatching(/^cannot .*The repository has enabled tag immutability$/),
    ]),
  );
  expect(added.status).toBe(200);
  expect((await t.get(`${web}/tags/v1`, 'Tag')).body['version']).toBe(`${web}/versions/${one.digest}`);
  expect((await t.remove(REPOSITORY)).status).toBe(200);
});

describe('a clean-up', () => {
  const untagged = {
    untagged: { action: 'DELETE', condition: { tagState: 'UNTAGGED', olderThan: '3600s' } },
  };
  const cleanUp = async ({ cloud }: { readonly cloud: { readonly url: string } }): Promise<unknown> =>
    (await fetch(`${cloud.url}/-/cleanup`, { method: 'POST' })).json();
  const digests = async (t: Awaited<ReturnType<typeof artifactCloud>>) =>
    namesIn((await t.get(`${REPOSITORY}/dockerImages`, 'ListDockerImagesResponse')).body['dockerImages'])
      .length;

  test('removes what the policies of a repository delete, and nothing of those without', async () => {
    await using t = await artifactCloud();
    await t.post(
      `${PARENT}/repositories?repositoryId=apps`,
      { format: 'DOCKER', cleanupPolicies: untagged },
      OPERATION,
    );
    await t.post(`${PARENT}/repositories?repositoryId=other`, { format: 'DOCKER' }, OPERATION);
    const old = await t.push('team/web', 'one');
    await t.push('team/web', 'two', 'v1');
    t.turnTo(3_601);
    await t.push('team/web', 'three');

    const done = await cleanUp(t);

    expect(done).toEqual({
      repositories: [
        {
          name: REPOSITORY,
          dryRun: false,
          versions: [`${REPOSITORY}/packages/team%2Fweb/versions/${old.digest}`],
        },
        { name: `${PARENT}/repositories/other`, dryRun: false, versions: [] },
      ],
    });
    expect(await digests(t)).toBe(2);
  });

  test('removes nothing in a dry run, but says what', async () => {
    await using t = await artifactCloud();
    const settings = { format: 'DOCKER', cleanupPolicies: untagged, cleanupPolicyDryRun: true };
    await t.post(`${PARENT}/repositories?repositoryId=apps`, settings, OPERATION);
    await t.push('web', 'one');
    t.turnTo(3_601);

    expect(await cleanUp(t)).toMatchObject({
      repositories: [{ dryRun: true, versions: [expect.any(String)] }],
    });
    expect(await digests(t)).toBe(1);
  });

  test('removes an index with its images, and keeps images whose index stays', async () => {
    await using t = await artifactCloud();
    await t.post(
      `${PARENT}/repositories?repositoryId=apps`,
      { format: 'DOCKER', cleanupPolicies: untagged },
      OPERATION,
    );
    const kept = await t.push('web', 'one');
    await t.pushIndex('web', kept.digest, 'v1');
    const lost = await t.push('web', 'two');
    const index = await t.pushIndex('web', lost.digest, 'v2');
    await t.remove(`${REPOSITORY}/packages/web/tags/v2`, 'google.protobuf.Empty');
    t.turnTo(3_601);

    expect(await cleanUp(t)).toMatchObject({
      repositories: [
        {
          versions: [
            `${REPOSITORY}/packages/web/versions/${index}`,
            `${REPOSITORY}/packages/web/versions/${lost.digest}`,
          ],
        },
      ],
    });
    expect(await digests(t)).toBe(2);
  });

  test('leaves what an immutable tag stands for', async () => {
    await using t = await artifactCloud();
    const settings = {
      format: 'DOCKER',
      cleanupPolicies: { all: { action: 'DELETE', condition: {} } },
      dockerConfig: { immutableTags: true },
    };
    await t.post(`${PARENT}/repositories?repositoryId=apps`, settings, OPERATION);
    await t.push('web', 'one', 'v1');
    await t.push('web', 'two');

    await cleanUp(t);

    expect(await digests(t)).toBe(1);
  });
});
