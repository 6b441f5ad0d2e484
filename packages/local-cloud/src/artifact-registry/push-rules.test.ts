import { createHash } from 'node:crypto';

import { describe, expect, test } from '@jest/globals';

import { callApi } from '../test-api.ts';
import { testCloud } from '../test-client.ts';

const PARENT = 'projects/p/locations/us-central1';
const IMMUTABLE = { format: 'DOCKER', dockerConfig: { immutableTags: true } };
const OPERATION = 'google.longrunning.Operation';
const UPDATED = 'cannot update tag v1. The repository has enabled tag immutability';

/** A cloud to whose registry images are pushed. */
async function pushCloud() {
  const t = await testCloud();
  const at = `http://${t.cloud.registry}/v2`;
  const call = async (method: string, path: string, request: RequestInit = {}) => {
    const response = await fetch(`${at}/${path}`, { method, ...request });
    return [response.status, refusalIn(await response.text())] as const;
  };
  const blob = (image: string, content: string) =>
    call('POST', `${image}/blobs/uploads/?digest=${digestOf(content)}`, { body: content });
  const manifest = (image: string, content: string, tag: string) => {
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const config = { mediaType: 'application/json', digest: digestOf(content), size: content.length };
    const body = JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] });
    return call('PUT', `${image}/manifests/${tag}`, { headers: { 'content-type': mediaType }, body });
  };
  return {
    ...t,
    call,
    blob,
    manifest,
    /** Of an image that consists of this text; what the registry says to its manifest. */
    push: async (image: string, content: string, tag = 'v1') => {
      await blob(image, content);
      return manifest(image, content, tag);
    },
    make: (repository: string, body: object = { format: 'DOCKER' }) =>
      callApi(t.cloud, {
        method: 'POST',
        path: `/v1/${PARENT}/repositories?repositoryId=${repository}`,
        body,
        answers: OPERATION,
      }),
    /** Makes tags immutable, or not any more. */
    bind: (repository: string, immutableTags: boolean) =>
      callApi(t.cloud, {
        method: 'PATCH',
        path: `/v1/${PARENT}/repositories/${repository}?updateMask=dockerConfig`,
        body: { dockerConfig: { immutableTags } },
        answers: 'google.devtools.artifactregistry.v1.Repository',
      }),
    remove: (repository: string) =>
      callApi(t.cloud, {
        method: 'DELETE',
        path: `/v1/${PARENT}/repositories/${repository}`,
        answers: OPERATION,
      }),
    rules: async () => (await fetch(`${t.cloud.url}/-/registry`)).json(),
    steer: async (rules: object) => {
      const response = await fetch(`${t.cloud.url}/-/registry`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(rules),
      });
      return [response.status, await response.json()] as const;
    },
  };
}

function refusalIn(body: string): string {
  const { errors = [] } = (body.startsWith('{') ? JSON.parse(body) : {}) as {
    readonly errors?: readonly { readonly code: string; readonly message: string }[];
  };
  return errors.map(({ code, message }) => `${code}: ${message}`).join();
}

describe('a push to a repository with immutable tags', () => {
  test('adds tags, and moves none', async () => {
    await using t = await pushCloud();
    await t.make('apps', IMMUTABLE);

    const pushes = [
      await t.push('p/apps/team/web', 'one'),
      await t.push('p/apps/team/web', 'one'),
      await t.push('p/apps/team/web', 'two'),
      await t.push('p/apps/team/web', 'two', 'v2'),
      await t.call('DELETE', 'p/apps/team/web/manifests/v1'),
    ];

    expect(pushes).toEqual([
      [201, ''],
      [201, ''],
      [400, `MANIFEST_INVALID: ${UPDATED}`],
      [201, ''],
      [400, expect.stringContaining('tag immutability')],
    ]);
  });

  test('is bound from the moment on in which they are made so, and as long', async () => {
    await using t = await pushCloud();
    await t.push('p/apps/web', 'one');
    await t.make('other', IMMUTABLE);
    const free = await t.push('p/apps/web', 'two');

    await t.push('p/other/web', 'one');
    const bound = await t.push('p/other/web', 'two');
    await t.bind('other', false);
    const loosened = await t.push('p/other/web', 'two');
    await t.bind('other', true);
    const again = await t.push('p/other/web', 'one');

    expect([free, bound, loosened, again]).toEqual([
      [201, ''],
      [400, `MANIFEST_INVALID: ${UPDATED}`],
      [201, ''],
      [400, `MANIFEST_INVALID: ${UPDATED}`],
    ]);
  });

  test('is not bound by another repository whose name it begins with', async () => {
    await using t = await pushCloud();
    await t.make('app', IMMUTABLE);
    await t.push('p/apps/web', 'one');

    expect(await t.push('p/apps/web', 'two')).toEqual([201, '']);
  });
});

describe('where repositories must be made', () => {
  const MISSING = [404, 'NAME_UNKNOWN: Repository "apps" not found'];

  test('nothing is pushed to one that was not', async () => {
    await using t = await pushCloud();
    await t.push('p/apps/web', 'one');

    const set = await t.steer({ requireRepositories: true });
    const refused = [
      await t.blob('p/apps/web', 'two'),
      await t.call('POST', 'p/apps/web/blobs/uploads/'),
      await t.call('POST', `p/apps/new/blobs/uploads/?mount=${digestOf('one')}&from=p/apps/web`),
      await t.manifest('p/apps/web', 'one', 'v2'),
      await t.blob('apps/web', 'two'),
    ];
    const pulled = await t.call('GET', 'p/apps/web/manifests/v1');
    const tags = await t.call('GET', 'p/apps/web/manifests/v2');

    expect(set).toEqual([200, { requireRepositories: true }]);
    expect(refused).toEqual([
      ...Array.from({ length: 4 }, () => MISSING),
      [
        400,
        'NAME_INVALID: Missing image name. Pushes should be of the form docker push HOST-NAME/PROJECT-ID/REPOSITORY/IMAGE',
      ],
    ]);
    expect([pulled[0], tags[0]]).toEqual([200, 404]);
  });

  test('one that was made takes pushes until it is deleted, and an upload ends with it', async () => {
    await using t = await pushCloud();
    await t.steer({ requireRepositories: true });
    await t.make('apps');

    const taken = await t.push('p/apps/web', 'one');
    const upload = await fetch(`http://${t.cloud.registry}/v2/p/apps/web/blobs/uploads/`, { method: 'POST' });
    await t.remove('apps');
    const path = (upload.headers.get('location') ?? '').replace('/v2/', '');
    const refused = [
      await t.call('PATCH', path, { body: 'x' }),
      await t.call('PUT', `${path}?digest=${digestOf('')}`),
      await t.manifest('p/apps/web', 'one', 'v1'),
    ];

    expect(taken).toEqual([201, '']);
    expect(refused).toEqual([MISSING, MISSING, MISSING]);
  });

  test('it can be taken back, and is asked for', async () => {
    await using t = await pushCloud();
    const before: unknown = await t.rules();
    await t.steer({ requireRepositories: true });
    const after: unknown = await t.rules();
    await t.steer({ requireRepositories: false });

    expect([before, after]).toEqual([{ requireRepositories: false }, { requireRepositories: true }]);
    expect(await t.push('web', 'one')).toEqual([201, '']);
  });

  test.each([
    [{ requireRepositories: 'yes' }, "Invalid value at 'require_repositories'"],
    [{ colour: 'red' }, 'Unknown name "colour"'],
  ])('%j is refused and changes nothing', async (body, message) => {
    await using t = await pushCloud();
    await t.steer({ requireRepositories: true });

    const refused = await t.steer(body);

    expect(refused).toMatchObject([400, { error: { message: expect.stringContaining(message) } }]);
    expect(await t.rules()).toEqual({ requireRepositories: true });
  });
});

function digestOf(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
