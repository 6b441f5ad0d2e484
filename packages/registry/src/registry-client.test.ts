import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { recordingContext } from '@fairlead/action-kit';
import { type Answered, type RegistryOptions, startRegistry } from '@fairlead/local-cloud';
import { describe, expect, test } from '@jest/globals';

import { credentialsFrom, registryClient } from './index.ts';

const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const ROBOT = { username: 'robot', password: 'secret-of-robot' };

async function setting(options: Partial<RegistryOptions> & { readonly login?: typeof ROBOT } = {}) {
  const home = await mkdtemp(join(tmpdir(), 'client-'));
  const answered: Answered[] = [];
  const running = await startRegistry({
    folder: join(home, 'registry'),
    onAnswer: (answer) => answered.push(answer),
    ...options,
  });
  await mkdir(join(home, '.docker'));
  const { username, password } = options.login ?? ROBOT;
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  await writeFile(
    join(home, '.docker', 'config.json'),
    JSON.stringify({ auths: { [running.address]: { auth } } }),
  );
  const context = recordingContext({ env: { HOME: home } });
  return {
    answered,
    context,
    writes: () => answered.filter(({ method }) => method !== 'GET' && method !== 'HEAD'),
    client: clientWith(context),
    place: { registry: running.address, repository: 'acme/services/web' },
    [Symbol.asyncDispose]: async () => {
      await running.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function clientWith(context: ReturnType<typeof recordingContext>) {
  const credentialsFor = credentialsFrom(context.env, () => Promise.resolve('a-google-token'));
  return registryClient({ ...context, credentialsFor });
}

type Setting = Awaited<ReturnType<typeof setting>>;

async function pushImage({ client, place }: Setting, tag: string, content = 'config') {
  const config = Buffer.from(content);
  await client.pushBlob(place, { digest: digestOf(config), bytes: config });
  const described = { mediaType: 'application/json', digest: digestOf(config), size: config.length };
  const manifest = { schemaVersion: 2, mediaType: IMAGE, config: described, layers: [] };
  return client.putManifest(
    { ...place, tag },
    { mediaType: IMAGE, bytes: Buffer.from(JSON.stringify(manifest)) },
  );
}

function digestOf(content: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return Buffer.concat(read);
}

describe('images', () => {
  test('a pushed image is found by its tag in one request', async () => {
    await using local = await setting();
    const digest = await pushImage(local, 'v1');
    local.answered.length = 0;

    const found = await local.client.resolve({ ...local.place, tag: 'v1' });

    expect([found?.digest, found?.mediaType]).toEqual([digest, IMAGE]);
    expect(local.answered.map(({ method }) => method)).toEqual(['HEAD']);
  });

  test('an image that is not there is no failure', async () => {
    await using local = await setting();

    expect(await local.client.resolve({ ...local.place, tag: 'v1' })).toBeUndefined();
    expect(await local.client.manifest({ ...local.place, tag: 'v1' })).toBeUndefined();
  });

  test('a tag is moved, listed and removed; removing it again is no failure', async () => {
    await using local = await setting();
    await pushImage(local, 'a');
    await pushImage(local, 'b');

    await local.client.remove({ ...local.place, tag: 'a' });
    await local.client.remove({ ...local.place, tag: 'a' });

    expect(await local.client.tags(local.place)).toEqual(['b']);
  });

  test('a long list of tags is read page by page', async () => {
    const pages: Record<string, readonly [string[], string?]> = {
      '/v2/web/tags/list': [['a', 'b'], '</v2/web/tags/list?last=b>; rel="next"'],
      '/v2/web/tags/list?last=b': [['c']],
    };
    await using server = await serving(({ url }) => {
      const [tags, link] = pages[url] ?? [[]];
      return { status: 200, headers: link === undefined ? {} : { link }, body: JSON.stringify({ tags }) };
    });
    const client = clientWith(recordingContext());

    expect(await client.tags({ registry: server.address, repository: 'web' })).toEqual(['a', 'b', 'c']);
  });

  test('a manifest that is not what its digest says is an error', async () => {
    await using server = await serving(() => ({
      status: 200,
      headers: { 'content-type': IMAGE },
      body: '{}',
    }));
    const client = clientWith(recordingContext());
    const image = { registry: server.address, repository: 'web', digest: digestOf('other') };

    await expect(client.manifest(image)).rejects.toThrow(
      `has digest ${digestOf('{}')}, expected ${digestOf('other')}; nothing of it is used`,
    );
  });
});

describe('blobs', () => {
  test('are sent once, from memory or from a file, and read back', async () => {
    await using local = await setting();
    const bytes = randomBytes(200_000);
    const content = { digest: digestOf(bytes), bytes };

    const first = await local.client.pushBlob(local.place, content);
    const second = await local.client.pushBlob(local.place, content);
    const streamed = await bytesOf(await local.client.openBlob(local.place, content.digest));

    expect([first, second]).toEqual(['sent', 'there']);
    expect(streamed.equals(bytes)).toBe(true);
    expect(Buffer.from(await local.client.readBlob(local.place, content.digest)).equals(bytes)).toBe(true);
  });

  test('are taken over from another repository without being sent', async () => {
    await using local = await setting();
    const bytes = Buffer.from('layer');
    await local.client.pushBlob({ ...local.place, repository: 'base' }, { digest: digestOf(bytes), bytes });

    expect(await local.client.mountBlob(local.place, digestOf(bytes), 'base')).toBe('mounted');
    expect(await local.client.mountBlob(local.place, digestOf('unknown'), 'base')).toBeUndefined();
  });

  test('that are not what their digest says are an error when read', async () => {
    await using server = await serving(() => ({ status: 200, headers: {}, body: 'forged' }));
    const client = clientWith(recordingContext());
    const place = { registry: server.address, repository: 'web' };

    await expect(client.readBlob(place, digestOf('real'))).rejects.toThrow('nothing of it is used');
    await expect(client.openBlob(place, digestOf('real')).then(bytesOf)).rejects.toThrow(
      'nothing of it is used',
    );
  });
});

describe('who may come in', () => {
  test('a login that Docker stored opens the registry, and no secret is seen', async () => {
    await using local = await setting({ credentials: ROBOT });

    await pushImage(local, 'v1');

    const masked = local.context.logged.filter(({ level }) => level === 'mask').map(({ message }) => message);
    const said = local.context.logged.filter(({ level }) => level !== 'mask').map(({ message }) => message);
    expect(masked).toContain(ROBOT.password);
    expect(said.join('\n')).not.toContain(ROBOT.password);
  });

  test('a wrong password is said with what to do, and nothing is written', async () => {
    await using local = await setting({
      credentials: ROBOT,
      login: { username: 'robot', password: 'wrong' },
    });

    await expect(pushImage(local, 'v1')).rejects.toThrow(
      `registry ${local.place.registry} refuses to give out a token at ${local.place.registry}: 401; log in before this step with docker/login-action, or run "docker login ${local.place.registry}"`,
    );
    expect(local.writes()).toEqual([]);
  });

  test('a config of Docker that is no JSON is named', async () => {
    await using local = await setting();
    const file = join(local.context.env['HOME'] ?? '', '.docker', 'config.json');
    await writeFile(file, '{');

    await expect(pushImage(local, 'v1')).rejects.toThrow(`expected JSON in ${file}`);
  });
});

describe('a registry that fails', () => {
  test.each([
    ['429', { status: 429, headers: { 'retry-after': '2' } }],
    ['503', { status: 503 }],
    ['408', { status: 408 }],
    ['a cut connection', 'reset'],
  ] as const)('once with %s is asked again', async (_, fault) => {
    let left = 1;
    await using local = await setting({ fault: () => (left-- > 0 ? fault : undefined) });

    const digest = await pushImage(local, 'v1');

    expect((await local.client.resolve({ ...local.place, tag: 'v1' }))?.digest).toBe(digest);
  });

  test.each([
    [401, ': 401; log in before this step with docker/login-action'],
    [403, ': 403; the account that is logged in may not do this'],
    [429, ': 429; it limits how often it may be asked'],
    [500, ': 500'],
  ])('with %s for good is said with what to do, and nothing is written', async (status, message) => {
    await using local = await setting({ fault: () => ({ status }) });

    await expect(pushImage(local, 'v1')).rejects.toThrow(`refuses to look for sha256:`);
    await expect(pushImage(local, 'v1')).rejects.toThrow(message);
    expect(local.writes()).toEqual([]);
  });

  test('is quoted when it says why', async () => {
    await using local = await setting({ fault: ({ method }) => (method === 'POST' ? { status: 403 } : undefined) });

    await expect(pushImage(local, 'v1')).rejects.toThrow('403 DENIED: answered 403 on demand; the account');
  });

  test('an upload that breaks off is begun anew', async () => {
    let left = 2;
    await using local = await setting({
      fault: ({ method }) => (method === 'PUT' && left-- > 0 ? 'reset' : undefined),
    });

    await pushImage(local, 'v1');

    expect(await local.client.tags(local.place)).toEqual(['v1']);
  });

  test('to answer at all is named with its address and what to look at', async () => {
    const { client, place } = await closedRegistry();

    await expect(client.resolve({ ...place, tag: 'v1' })).rejects.toThrow(
      `registry ${place.registry} cannot be reached to resolve ${place.registry}/web:v1 (ECONNREFUSED); check the image's name and that the registry is up`,
    );
  });
});

async function closedRegistry() {
  const server = await serving(() => ({ status: 200, headers: {}, body: '' }));
  await server[Symbol.asyncDispose]();
  return { client: clientWith(recordingContext()), place: { registry: server.address, repository: 'web' } };
}

/** A server that answers as it is told: what no honest registry would say. */
async function serving(
  answer: (request: { url: string }) => { status: number; headers: Record<string, string>; body: string },
) {
  const server = createServer((request, response) => {
    const { status, headers, body } = answer({ url: request.url ?? '' });
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
