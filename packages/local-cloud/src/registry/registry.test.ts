import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { type Answered, type RegistryOptions, startRegistry } from './index.ts';
import { digestOf } from '../data/test-image.ts';

const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const DOCKER_IMAGE = 'application/vnd.docker.distribution.manifest.v2+json';
const NAME = 'acme/services/web';

async function registry(options: Partial<RegistryOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'registry-'));
  const answered: Answered[] = [];
  const onAnswer = (answer: Answered) => answered.push(answer);
  const running = await startRegistry({ folder, onAnswer, ...options });
  const url = `http://${running.address}`;
  const call = (method: string, path: string, init: RequestInit = {}) =>
    fetch(new URL(path, url), { method, ...init });
  const pushBlob = async (content: Buffer, name = NAME) => {
    const digest = digestOf(content);
    await call('POST', `/v2/${name}/blobs/uploads/?digest=${digest}`, { body: new Uint8Array(content) });
    return { mediaType: 'application/octet-stream', digest, size: content.length };
  };
  const putManifest = (reference: string, manifest: object, mediaType = IMAGE) =>
    call('PUT', `/v2/${NAME}/manifests/${reference}`, {
      headers: { 'content-type': mediaType },
      body: JSON.stringify(manifest),
    });
  const image = async (content: string, more: object = {}) => {
    const config = await pushBlob(Buffer.from(content));
    return { schemaVersion: 2, mediaType: IMAGE, config, layers: [], ...more };
  };
  return {
    ...running,
    folder,
    answered,
    call,
    pushBlob,
    putManifest,
    image,
    [Symbol.asyncDispose]: async () => {
      await running.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function codeOf(response: Response): Promise<readonly [number, unknown]> {
  const { errors } = (await response.json()) as { errors: { code: string }[] };
  return [response.status, errors[0]?.code];
}

test('a ping says that this is a registry', async () => {
  await using local = await registry();

  const response = await local.call('GET', '/v2/');

  expect([response.status, response.headers.get('docker-distribution-api-version')]).toEqual([
    200,
    'registry/2.0',
  ]);
});

describe('blobs', () => {
  test('a blob pushed at once is read back whole, by parts and by size', async () => {
    await using local = await registry();
    const content = randomBytes(300_000);
    const { digest } = await local.pushBlob(content);
    const path = `/v2/${NAME}/blobs/${digest}`;

    const whole = await local.call('GET', path);
    const part = await local.call('GET', path, { headers: { range: 'bytes=10-19' } });
    const end = await local.call('GET', path, { headers: { range: 'bytes=-5' } });
    const head = await local.call('HEAD', path);
    const beyond = await local.call('GET', path, { headers: { range: 'bytes=300000-' } });

    expect(Buffer.from(await whole.arrayBuffer()).equals(content)).toBe(true);
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 10-19/300000']);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(content.subarray(10, 20));
    expect(Buffer.from(await end.arrayBuffer())).toEqual(content.subarray(-5));
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '300000']);
    expect(beyond.status).toBe(416);
  });

  test('a blob pushed in chunks is whole, and a chunk out of order is refused with the place to go on from', async () => {
    await using local = await registry();
    const begun = await local.call('POST', `/v2/${NAME}/blobs/uploads/`);
    const location = begun.headers.get('location') ?? '';

    const first = await local.call('PATCH', location, { headers: { 'content-range': '0-4' }, body: 'hello' });
    const wrong = await local.call('PATCH', location, {
      headers: { 'content-range': '9-13' },
      body: 'wrong',
    });
    const shown = await local.call('GET', location);
    const last = await local.call('PUT', `${location}?digest=${digestOf('hello world')}`, { body: ' world' });
    const read = await local.call('GET', last.headers.get('location') ?? '');

    expect([begun.status, first.status, wrong.status, shown.status, last.status]).toEqual([
      202, 202, 416, 204, 201,
    ]);
    expect([first.headers.get('range'), wrong.headers.get('range'), shown.headers.get('range')]).toEqual([
      '0-4',
      '0-4',
      '0-4',
    ]);
    expect(await read.text()).toBe('hello world');
  });

  test('bytes with another digest than promised leave nothing behind', async () => {
    await using local = await registry();
    const path = `/v2/${NAME}/blobs/uploads/?digest=${digestOf('promised')}`;

    const refused = await local.call('POST', path, { body: 'delivered' });

    expect(await codeOf(refused)).toEqual([400, 'DIGEST_INVALID']);
    expect(await readdir(join(local.folder, 'uploads'))).toEqual([]);
    expect((await local.call('HEAD', `/v2/${NAME}/blobs/${digestOf('promised')}`)).status).toBe(404);
  });

  test('a sha512 digest is checked as one', async () => {
    await using local = await registry();
    const digest = digestOf('content', 'sha512');

    const pushed = await local.call('POST', `/v2/${NAME}/blobs/uploads/?digest=${digest}`, {
      body: 'content',
    });

    expect(pushed.status).toBe(201);
  });

  test('a blob is seen only by the repositories that have it, and is mounted without being sent again', async () => {
    await using local = await registry();
    const { digest } = await local.pushBlob(Buffer.from('shared'));
    const other = `/v2/acme/services/api/blobs`;

    const before = await local.call('HEAD', `${other}/${digest}`);
    const mounted = await local.call('POST', `${other}/uploads/?mount=${digest}&from=${NAME}`);
    const after = await local.call('HEAD', `${other}/${digest}`);
    const unknown = await local.call('POST', `${other}/uploads/?mount=${digestOf('no')}&from=${NAME}`);

    expect([before.status, mounted.status, after.status, unknown.status]).toEqual([404, 201, 200, 202]);
  });

  test('a deleted blob is gone from its repository', async () => {
    await using local = await registry();
    const { digest } = await local.pushBlob(Buffer.from('short-lived'));

    const deleted = await local.call('DELETE', `/v2/${NAME}/blobs/${digest}`);

    expect(deleted.status).toBe(202);
    expect(await codeOf(await local.call('GET', `/v2/${NAME}/blobs/${digest}`))).toEqual([
      404,
      'BLOB_UNKNOWN',
    ]);
  });

  test('a cancelled upload cannot be finished', async () => {
    await using local = await registry();
    const location = (await local.call('POST', `/v2/${NAME}/blobs/uploads/`)).headers.get('location') ?? '';

    const cancelled = await local.call('DELETE', location);
    const finished = await local.call('PUT', `${location}?digest=${digestOf('')}`);

    expect(cancelled.status).toBe(204);
    expect(await codeOf(finished)).toEqual([404, 'BLOB_UPLOAD_UNKNOWN']);
  });
});

describe('manifests', () => {
  test('a manifest is read back byte for byte with its media type, by tag and by digest', async () => {
    await using local = await registry();
    const manifest = { ...(await local.image('config')), mediaType: DOCKER_IMAGE };
    const digest = digestOf(JSON.stringify(manifest));

    const pushed = await local.putManifest('main-abc1234', manifest, DOCKER_IMAGE);
    const byTag = await local.call('GET', `/v2/${NAME}/manifests/main-abc1234`);
    const byDigest = await local.call('HEAD', `/v2/${NAME}/manifests/${digest}`);

    expect([pushed.status, pushed.headers.get('docker-content-digest')]).toEqual([201, digest]);
    expect(await byTag.text()).toBe(JSON.stringify(manifest));
    expect([byDigest.headers.get('content-type'), byDigest.headers.get('docker-content-digest')]).toEqual([
      DOCKER_IMAGE,
      digest,
    ]);
  });

  test.each([
    [
      'a blob that is not there',
      {
        mediaType: IMAGE,
        code: 'MANIFEST_BLOB_UNKNOWN',
        manifest: { schemaVersion: 2, config: { digest: digestOf('no') }, layers: [] },
      },
    ],
    [
      'a manifest that is not there',
      {
        mediaType: INDEX,
        code: 'MANIFEST_BLOB_UNKNOWN',
        manifest: { schemaVersion: 2, manifests: [{ digest: digestOf('no') }] },
      },
    ],
    [
      'another media type than its header',
      {
        mediaType: IMAGE,
        code: 'MANIFEST_INVALID',
        manifest: { schemaVersion: 2, mediaType: INDEX, manifests: [] },
      },
    ],
    [
      'an unknown media type',
      { mediaType: 'text/plain', code: 'MANIFEST_INVALID', manifest: { schemaVersion: 2 } },
    ],
    [
      'no layers',
      {
        mediaType: IMAGE,
        code: 'MANIFEST_INVALID',
        manifest: { schemaVersion: 2, config: { digest: digestOf('no') } },
      },
    ],
    [
      'a digest that is a path',
      {
        mediaType: IMAGE,
        code: 'MANIFEST_INVALID',
        manifest: { schemaVersion: 2, config: { digest: 'sha256:../../x' }, layers: [] },
      },
    ],
  ])('a manifest with %s is refused and not tagged', async (_, { mediaType, manifest, code }) => {
    await using local = await registry();

    const refused = await local.putManifest('latest', manifest, mediaType);

    expect(await codeOf(refused)).toEqual([400, code]);
    expect((await local.call('HEAD', `/v2/${NAME}/manifests/latest`)).status).toBe(404);
  });

  test('a manifest put under another digest than its own is refused', async () => {
    await using local = await registry();

    const refused = await local.putManifest(digestOf('other'), await local.image('config'));

    expect(await codeOf(refused)).toEqual([400, 'DIGEST_INVALID']);
  });

  test('a manifest of more than 4 MiB is refused', async () => {
    await using local = await registry();

    const refused = await local.putManifest('big', { padding: 'x'.repeat(4 * 1024 * 1024) });

    expect(await codeOf(refused)).toEqual([413, 'SIZE_INVALID']);
  });

  test('deleting a tag keeps the manifest; deleting the manifest takes its tags along', async () => {
    await using local = await registry();
    const manifest = await local.image('config');
    const digest = digestOf(JSON.stringify(manifest));
    await local.putManifest('one', manifest);
    await local.putManifest('two', manifest);

    const untagged = await local.call('DELETE', `/v2/${NAME}/manifests/one`);
    const kept = await local.call('HEAD', `/v2/${NAME}/manifests/${digest}`);
    const deleted = await local.call('DELETE', `/v2/${NAME}/manifests/${digest}`);
    const tagged = await local.call('HEAD', `/v2/${NAME}/manifests/two`);

    expect([untagged.status, kept.status, deleted.status, tagged.status]).toEqual([202, 200, 202, 404]);
  });

  test('an immutable tag takes the same digest again and no other (BP-04)', async () => {
    await using local = await registry({ policy: { hasImmutableTags: () => true } });
    const manifest = await local.image('first');
    await local.putManifest('main-abc1234', manifest);

    const same = await local.putManifest('main-abc1234', manifest);
    const other = await local.putManifest('main-abc1234', await local.image('second'));
    const removed = await local.call('DELETE', `/v2/${NAME}/manifests/main-abc1234`);

    expect(same.status).toBe(201);
    expect(await other.json()).toEqual({
      errors: [
        {
          code: 'MANIFEST_INVALID',
          message: 'cannot update tag main-abc1234. The repository has enabled tag immutability',
          detail: {},
        },
      ],
    });
    expect(removed.status).toBe(400);
  });

  test('of many writers of one immutable tag exactly one wins', async () => {
    await using local = await registry({ policy: { hasImmutableTags: () => true } });
    const manifests = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((config) => local.image(config)));

    const responses = await Promise.all(manifests.map((manifest) => local.putManifest('v1', manifest)));

    expect(responses.map(({ status }) => status).sort()).toEqual([201, 400, 400, 400, 400]);
  });

  test('what was pushed is there after a restart', async () => {
    await using local = await registry();
    await local.putManifest('v1', await local.image('config'));
    await local.close();

    await using again = await startRegistry({ folder: local.folder });
    const found = await fetch(`http://${again.address}/v2/${NAME}/manifests/v1`);

    expect(found.status).toBe(200);
  });
});

describe('lists', () => {
  test('tags come in byte order and by pages', async () => {
    await using local = await registry();
    const manifest = await local.image('config');
    await Promise.all(['b', 'a', 'C', 'd'].map((tag) => local.putManifest(tag, manifest)));

    const all = await local.call('GET', `/v2/${NAME}/tags/list`);
    const page = await local.call('GET', `/v2/${NAME}/tags/list?n=2&last=C`);
    const next = /<(.+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
    const rest = await local.call('GET', next);

    expect(await all.json()).toEqual({ name: NAME, tags: ['C', 'a', 'b', 'd'] });
    expect(await page.json()).toEqual({ name: NAME, tags: ['a', 'b'] });
    expect([await rest.json(), rest.headers.get('link')]).toEqual([{ name: NAME, tags: ['d'] }, null]);
  });

  test('tags of a repository that is not there are refused', async () => {
    await using local = await registry();

    expect(await codeOf(await local.call('GET', `/v2/${NAME}/tags/list`))).toEqual([404, 'NAME_UNKNOWN']);
  });

  test('referrers are found by subject and by type, before the subject is pushed too', async () => {
    await using local = await registry();
    const subject = { mediaType: IMAGE, digest: digestOf('later'), size: 5 };
    const signature = await local.image('s', {
      subject,
      artifactType: 'signature',
      annotations: { key: 'value' },
    });
    const attached = await local.putManifest(digestOf(JSON.stringify(signature)), signature);
    const sbom = await local.image('b', { subject, artifactType: 'sbom' });
    await local.putManifest(digestOf(JSON.stringify(sbom)), sbom);
    const path = `/v2/${NAME}/referrers/${subject.digest}`;

    const all = (await (await local.call('GET', path)).json()) as { manifests: unknown[] };
    const filtered = await local.call('GET', `${path}?artifactType=signature`);
    const none = await local.call('GET', `/v2/${NAME}/referrers/${digestOf('nothing')}`);

    expect(attached.headers.get('oci-subject')).toBe(subject.digest);
    expect(all.manifests).toHaveLength(2);
    expect(filtered.headers.get('oci-filters-applied')).toBe('artifactType');
    expect(await filtered.json()).toEqual({
      schemaVersion: 2,
      mediaType: INDEX,
      manifests: [
        {
          mediaType: IMAGE,
          digest: digestOf(JSON.stringify(signature)),
          size: JSON.stringify(signature).length,
          artifactType: 'signature',
          annotations: { key: 'value' },
        },
      ],
    });
    expect(await none.json()).toEqual({ schemaVersion: 2, mediaType: INDEX, manifests: [] });
  });
});

describe('paths', () => {
  test.each([
    ['GET', `/v2/UPPER/tags/list`, 400],
    ['GET', `/v2/a/%2e%2e%2f%2e%2e%2fetc/tags/list`, 400],
    ['GET', `/v2/a%2f..%2f..%2fb/manifests/latest`, 400],
    ['GET', `/v2/_uploads/x/blobs/${digestOf('')}`, 400],
    ['GET', `/v2/${NAME}/manifests/..%2f..%2fx`, 404],
    ['GET', `/v2/${NAME}/manifests/-tag`, 404],
    ['DELETE', `/v2/${NAME}/manifests/-tag`, 404],
    ['PUT', `/v2/${NAME}/manifests/-tag`, 400],
    ['GET', `/v2/${NAME}/blobs/sha256:short`, 400],
    ['GET', `/v2/${NAME}/blobs/uploads/..%2f..%2fx`, 404],
    ['GET', '/v1/repositories', 404],
    ['GET', '/v2/%zz', 404],
    ['POST', `/v2/${NAME}/tags/list`, 405],
  ])('%s %s is refused', async (method, path, status) => {
    await using local = await registry();

    expect(await rawStatus(local.address, method, path)).toBe(status);
  });
});

test('a push that is refused is read to its end before it is answered, as docker looks for no answer before', async () => {
  await using local = await registry();
  const socket = connect(Number(local.address.split(':')[1]), '127.0.0.1');
  const received: string[] = [];
  socket.setEncoding('latin1').on('data', (text: string) => received.push(text));
  const head = `POST /v2/${NAME}/blobs/uploads/?digest=wrong HTTP/1.1\r\nHost: ${local.address}\r\n`;

  socket.write(`${head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n`);
  await local.call('GET', '/v2/');
  const early = [...received];
  socket.write('0\r\n\r\n');
  await once(socket, 'close');

  expect(early).toEqual([]);
  expect(received.join('')).toMatch(/^HTTP\/1\.1 400 [^]*DIGEST_INVALID/);
});

describe('who may come in', () => {
  test('without credentials the answer says where a token is given out, and the token opens', async () => {
    await using local = await registry({ credentials: { username: 'robot', password: 'secret' } });
    const basic = `Basic ${Buffer.from('robot:secret').toString('base64')}`;

    const closed = await local.call('GET', '/v2/');
    const given = await local.call('GET', '/v2/token', { headers: { authorization: basic } });
    const { token } = (await given.json()) as { token: string };
    const opened = await local.call('GET', '/v2/', { headers: { authorization: `Bearer ${token}` } });
    const stranger = await local.call('GET', '/v2/token', { headers: { authorization: 'Basic eDp5' } });

    expect([closed.status, closed.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer realm="http://${local.address}/v2/token",service="${local.address}"`,
    ]);
    expect([opened.status, stranger.status]).toEqual([200, 401]);
  });
});

test('a fault takes the place of the answer, and every answer is told', async () => {
  await using local = await registry({
    fault: ({ path }) => (path === '/v2/' ? { status: 429, headers: { 'retry-after': '1' } } : undefined),
  });

  const refused = await local.call('GET', '/v2/');

  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  expect(local.answered).toEqual([{ method: 'GET', path: '/v2/', status: 429 }]);
});

/** The status for a path that is sent as it is: fetch would tidy it first. */
function rawStatus(address: string, method: string, path: string): Promise<number | undefined> {
  const [host, port] = address.split(':');
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host, port, method, path }, (response) => {
      response.resume();
      response.once('end', () => {
        resolve(response.statusCode);
      });
    });
    request.once('error', reject);
    request.end();
  });
}
