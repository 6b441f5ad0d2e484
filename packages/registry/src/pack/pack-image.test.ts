import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { recordingContext } from '@fairlead/action-kit';
import { parseReference } from '@fairlead/images';
import { type Answered, type RegistryOptions, startRegistry } from '@fairlead/local-cloud';
import type { Pack } from '@fairlead/manifest';
import { describe, expect, test } from '@jest/globals';
import { extract } from 'tar-stream';

import { buildImage, type BuildRequest, parseManifestBytes, registryClient } from '../index.ts';

const PACK: Pack = {
  base: 'scratch',
  files: ['dist'],
  workdir: '/app',
  command: ['node', 'main.mjs'],
  env: {},
};

async function setting(files: Readonly<Record<string, string>>, options: Partial<RegistryOptions> = {}) {
  const home = await mkdtemp(join(tmpdir(), 'pack-'));
  const context = join(home, 'context');
  const answered: Answered[] = [];
  const onAnswer = (answer: Answered) => answered.push(answer);
  const running = await startRegistry({ folder: join(home, 'registry'), onAnswer, ...options });
  await write(context, files);
  const recorded = recordingContext();
  const client = registryClient({ ...recorded, credentialsFor: () => Promise.resolve(undefined) });
  const tools = {
    ...recorded,
    client,
    env: { PATH: process.env['PATH'] },
    credentialsFor: () => Promise.resolve(undefined),
  };
  const request = (pack: Partial<Pack> = {}, more: Partial<BuildRequest> = {}): BuildRequest => ({
    image: { registry: running.address, repository: 'acme/services/web', tag: 'main-abc1234' },
    context,
    dockerfile: join(context, 'Dockerfile'),
    args: {},
    platforms: ['linux/amd64'],
    labels: { 'org.opencontainers.image.revision': 'abc' },
    push: true,
    pack: { ...PACK, ...pack },
    ...more,
  });
  return {
    context,
    answered,
    tools,
    request,
    address: running.address,
    logged: recorded.logged,
    build: (pack: Partial<Pack> = {}, more: Partial<BuildRequest> = {}) =>
      buildImage(tools, request(pack, more), 'pack'),
    writes: () => answered.filter(({ method }) => method !== 'GET' && method !== 'HEAD'),
    [Symbol.asyncDispose]: async () => {
      await running.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

type Setting = Awaited<ReturnType<typeof setting>>;

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** The image as a runtime would find it by its tag. */
async function pulled({ tools: { client }, request }: Setting, tag = 'main-abc1234') {
  const image = { ...request().image, tag };
  const found = await client.manifest(image);
  const manifest = parseManifestBytes(found?.bytes ?? Buffer.from(''), tag);
  const { config, layers } = manifest.kind === 'image' ? manifest : { config: { digest: '' }, layers: [] };
  const text = new TextDecoder().decode(await client.readBlob(image, config.digest));
  const entries = await Promise.all(
    layers.map(({ digest }) => client.readBlob(image, digest).then(entriesOf)),
  );
  return { digest: found?.digest, config: JSON.parse(text) as Record<string, unknown>, layers, entries };
}

async function entriesOf(layer: Uint8Array): Promise<readonly string[]> {
  const read: string[] = [];
  const archive = extract();
  Readable.from([layer]).pipe(createGunzip()).pipe(archive);
  for await (const entry of archive) {
    const { name, mode, uid, gid, mtime, type, linkname } = entry.header;
    const target = type === 'symlink' ? ` -> ${linkname}` : '';
    read.push(`${mode.toString(8)} ${uid}:${gid} ${mtime.getTime()} ${name}${target}`);
    entry.resume();
  }
  return read;
}

const FILES = { 'dist/main.mjs': 'serve()', 'dist/lib/a.mjs': 'a', 'src/main.ts': 'x' };

describe('a packed image', () => {
  test('has the named files as one layer without times, owners and odd modes', async () => {
    await using local = await setting(FILES);
    await chmod(join(local.context, 'dist/main.mjs'), 0o700);
    await symlink('lib/a.mjs', join(local.context, 'dist/link'));

    await local.build();

    expect((await pulled(local)).entries).toEqual([
      [
        '755 0:0 0 app/',
        '755 0:0 0 app/dist/',
        '755 0:0 0 app/dist/lib/',
        '644 0:0 0 app/dist/lib/a.mjs',
        '777 0:0 0 app/dist/link -> lib/a.mjs',
        '755 0:0 0 app/dist/main.mjs',
      ],
    ]);
  });

  test('is the same, byte for byte, from another folder, at another time, in another order', async () => {
    await using one = await setting(FILES);
    await using other = await setting(Object.fromEntries(Object.entries(FILES).reverse()));
    await utimes(join(other.context, 'dist/main.mjs'), 1, 1);

    const [first, second] = [await one.build(), await other.build()];
    const again = await one.build({}, { image: { ...one.request().image, tag: 'again' } });

    expect([second.digest, again.digest]).toEqual([first.digest, first.digest]);
  });

  test('is another one when a byte of it, its mode or a label is', async () => {
    await using local = await setting(FILES);
    const tagged = (tag: string) => ({ image: { ...local.request().image, tag }, push: false });
    const digests = [(await local.build({}, tagged('a'))).digest];
    await chmod(join(local.context, 'dist/main.mjs'), 0o755);
    digests.push((await local.build({}, tagged('b'))).digest);
    await writeFile(join(local.context, 'dist/main.mjs'), 'Serve()');
    digests.push((await local.build({}, tagged('c'))).digest);
    digests.push((await local.build({}, { ...tagged('d'), labels: {} })).digest);

    expect(new Set(digests).size).toBe(4);
  });

  test('says how it is run, by whom, and what it was made from', async () => {
    await using local = await setting(FILES);

    await local.build({ env: { PORT: '8000' }, user: '1000', workdir: '/srv' });

    expect((await pulled(local)).config).toEqual({
      os: 'linux',
      architecture: 'amd64',
      created: '1970-01-01T00:00:00Z',
      config: {
        Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'PORT=8000'],
        WorkingDir: '/srv',
        Labels: {
          'org.opencontainers.image.revision': 'abc',
          'fairlead.dev/content-key': expect.stringMatching(/^[0-9a-f]{64}$/),
        },
        Cmd: ['node', 'main.mjs'],
        User: '1000',
      },
      rootfs: { type: 'layers', diff_ids: [expect.stringMatching(/^sha256:/)] },
      history: [{ created: '1970-01-01T00:00:00Z', created_by: 'fairlead pack' }],
    });
  });

  test('carries SOURCE_DATE_EPOCH when that is set', async () => {
    await using local = await setting({ 'dist/a': 'a' });

    await buildImage({ ...local.tools, env: { SOURCE_DATE_EPOCH: '1700000000' } }, local.request(), 'pack');

    const { config, entries } = await pulled(local);
    expect([config['created'], entries[0]?.[0]]).toEqual([
      '2023-11-14T22:13:20Z',
      '755 0:0 1700000000000 app/',
    ]);
  });

  test('holds what the prepare command made, which sees the build arguments', async () => {
    await using local = await setting({});

    await local.build(
      { prepare: 'mkdir dist && echo "$GREETING" > dist/hello' },
      { args: { GREETING: 'hello' } },
    );

    expect((await pulled(local)).entries.flat()).toContain('644 0:0 0 app/dist/hello');
  });

  test('leaves out what a pattern takes away, and git', async () => {
    await using local = await setting({
      'a/one.js': '',
      'a/two.ts': '',
      'a/deep/three.js': '',
      'a/.git/x.js': '',
    });

    await local.build({ files: ['a/**/*.js', '!a/deep'] });

    expect((await pulled(local)).entries.flat().map((entry) => entry.split(' ').at(-1))).toEqual([
      'app/',
      'app/a/',
      'app/a/one.js',
    ]);
  });

  test('is not pushed when it is not to be, and its digest is known all the same (BP-02)', async () => {
    await using local = await setting(FILES);

    const dry = await local.build({}, { push: false });
    const requests = [...local.answered];
    const pushed = await local.build();

    expect(requests).toEqual([]);
    expect(dry.digest).toBe(pushed.digest);
  });
});

describe('a base image', () => {
  test('of the same registry is taken over without being sent, and keeps its settings', async () => {
    await using local = await setting(FILES);
    const base = { registry: local.address, repository: 'bases/node', tag: '24' };
    await local.build({ env: { A: '1', B: '1' }, files: ['src'] }, { image: base, labels: { base: 'yes' } });
    local.answered.length = 0;

    await local.build({ base: `${local.address}/bases/node:24`, env: { B: '2' }, command: [] });

    const { config, entries } = await pulled(local);
    expect(entries.map((layer) => layer.at(-1)?.split(' ').at(-1))).toEqual([
      'app/src/main.ts',
      'app/dist/main.mjs',
    ]);
    expect(config['config']).toMatchObject({
      Env: [expect.any(String), 'A=1', 'B=2'],
      Cmd: ['node', 'main.mjs'],
    });
    expect(config['config']).toMatchObject({
      Labels: { base: 'yes', 'org.opencontainers.image.revision': 'abc' },
    });
    expect(local.answered.filter(({ path }) => path.includes('mount=')).map(({ status }) => status)).toEqual([
      201,
    ]);
  });

  test('of another registry is copied', async () => {
    await using far = await setting(FILES);
    await using local = await setting(FILES);
    await far.build();

    await local.build({ base: `${far.address}/acme/services/web:main-abc1234`, files: ['src'] });

    expect((await pulled(local)).layers).toHaveLength(2);
  });

  test('that is an index is used for the wanted platform, and refused for others', async () => {
    await using local = await setting(FILES);
    const { digest } = await local.build();
    const { client } = local.tools;
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    const size = (await client.resolve(local.request().image))?.size;
    const platform = { os: 'linux', architecture: 'amd64' };
    const manifests = [{ mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size, platform }];
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests }));
    await client.putManifest({ ...local.request().image, tag: 'index' }, { mediaType, bytes });
    const base = `${local.address}/acme/services/web:index`;
    const image = { ...local.request().image, tag: 'next' };

    await local.build({ base }, { image });

    expect((await pulled(local, 'next')).layers).toHaveLength(2);
    await expect(local.build({ base }, { image, platforms: ['linux/arm64'] })).rejects.toThrow(
      `base image "${base}" is not for linux/arm64, only for linux/amd64`,
    );
  });
});

describe('nothing is written to the registry', () => {
  test.each<[string, Partial<Pack>, string]>([
    [
      'a file that does not exist',
      { files: ['dist', 'nowhere.js'] },
      'pack file "nowhere.js" names nothing in',
    ],
    ['a pattern that fits nothing', { files: ['dist/**/*.py'] }, 'pack file "dist/**/*.py" names nothing in'],
    [
      'a file outside of the context',
      { files: ['../secret'] },
      'pack file "../secret" must lie within the context',
    ],
    [
      'a prepare command that fails',
      { prepare: 'echo no such package; exit 3' },
      'prepare command "echo no such package; exit 3" ended with exit code 3: no such package',
    ],
    [
      'a relative workdir',
      { workdir: 'app' },
      '"workdir" below "pack" must be an absolute folder, got "app"',
    ],
    ['a base that is no name', { base: 'No Name' }, '"No Name" is no image name'],
  ])('for %s', async (_, pack, message) => {
    await using local = await setting(FILES);

    await expect(local.build(pack)).rejects.toThrow(message);
    expect(local.writes()).toEqual([]);
  });

  test('for a base that does not exist', async () => {
    await using local = await setting(FILES);
    const base = `${local.address}/bases/none:1`;

    await expect(local.build({ base })).rejects.toThrow(
      `base image "${base}" does not exist; check "base" below "pack"`,
    );
    expect(local.writes()).toEqual([]);
  });

  test('for two platforms', async () => {
    await using local = await setting(FILES);

    await expect(local.build({}, { platforms: ['linux/amd64', 'linux/arm64'] })).rejects.toThrow(
      'builder "pack" builds for one platform, got linux/amd64, linux/arm64; use buildx',
    );
    expect(local.writes()).toEqual([]);
  });

  test.each(['/etc/passwd', '../../elsewhere'])('for a link to %s', async (target) => {
    await using local = await setting(FILES);
    await symlink(target, join(local.context, 'dist/out'));

    await expect(local.build()).rejects.toThrow(
      `pack file "dist/out" is a link to "${target}", which is not within the context ${local.context}; leave it out with "!dist/out"`,
    );
    expect(local.writes()).toEqual([]);
  });

  test('for a folder that is a link to the outside', async () => {
    await using local = await setting(FILES);
    await symlink('/etc', join(local.context, 'etc'));

    await expect(local.build({ files: ['etc/passwd'] })).rejects.toThrow('but a link leads to /etc');
    expect(local.writes()).toEqual([]);
  });

  test.each([
    ['dist/.env', 'TOKEN=x'],
    ['dist/gha-creds-0a1b.json', '{}'],
    ['dist/tls.pem', '-----BEGIN PRIVATE KEY-----'],
  ])('for credentials in %s (BP-24)', async (path, content) => {
    await using local = await setting({ ...FILES, [path]: content });

    await expect(local.build()).rejects.toThrow(
      `credentials must not be in an image, found "${path}"; leave them out with "!${path}" in the files of "pack"`,
    );
    expect(local.writes()).toEqual([]);
  });

  test('for a tag that names another image (BP-04); the same image is no other', async () => {
    await using local = await setting(FILES);
    const { digest } = await local.build();
    await local.build();
    await writeFile(join(local.context, 'dist/main.mjs'), 'changed');
    local.answered.length = 0;

    await expect(local.build()).rejects.toThrow(
      `tag main-abc1234 names ${digest ?? ''} already, and is not moved to sha256:`,
    );
    expect(local.writes()).toEqual([]);
  });

  test.each([401, 403, 429, 503])('by a registry that answers %s', async (status) => {
    await using local = await setting(FILES, { fault: () => ({ status }) });

    await expect(local.build()).rejects.toThrow(`registry ${local.address} refuses to`);
    expect(local.writes()).toEqual([]);
  });

  test('by a registry that cannot be reached', async () => {
    await using local = await setting(FILES);
    const image = { ...parseReference('127.0.0.1:2/acme/web'), tag: 'v1' };

    await expect(local.build({}, { image })).rejects.toThrow(
      'registry 127.0.0.1:2 cannot be reached to resolve',
    );
  });
});
