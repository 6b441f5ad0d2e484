import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { recordingContext } from '@fairlead/action-kit';
import { type Answered, startRegistry } from '@fairlead/local-cloud';
import { describe, expect, test } from '@jest/globals';

import { buildImage, type BuildRequest, type Credentials, registryClient } from '../index.ts';
import { type DockerDouble, dockerDouble } from './docker-double.ts';

const FILES = { Dockerfile: 'FROM scratch\nCOPY . .\n', 'main.js': 'serve()' };

async function setting(behaviour: DockerDouble = {}, files: Readonly<Record<string, string>> = FILES) {
  const home = await mkdtemp(join(tmpdir(), 'docker-'));
  const answered: Answered[] = [];
  const running = await startRegistry({
    folder: join(home, 'registry'),
    onAnswer: (answer) => answered.push(answer),
  });
  const double = await dockerDouble(join(home, 'bin'), behaviour);
  const context = await mkdtemp(join(home, 'context-'));
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(context, name), content)));
  const recorded = recordingContext();
  const client = registryClient({ ...recorded, credentialsFor: () => Promise.resolve(undefined) });
  const image = { registry: running.address, repository: 'acme/services/web', tag: 'main-abc1234' };
  const name = `${running.address}/acme/services/web:main-abc1234`;
  const build = (
    more: Partial<BuildRequest> = {},
    wanted: 'auto' | 'docker' | 'buildx' = 'auto',
    login?: Credentials,
  ) =>
    buildImage(
      { ...recorded, client, env: { PATH: double.path }, credentialsFor: () => Promise.resolve(login) },
      {
        image,
        context,
        dockerfile: join(context, 'Dockerfile'),
        args: { A: '1' },
        labels: { l: 'x y' },
        platforms: ['linux/amd64'],
        push: true,
        ...more,
      },
      wanted,
    );
  return {
    build,
    calls: double.calls,
    client,
    context,
    image,
    name,
    logged: recorded.logged,
    writes: () => answered.filter(({ method }) => method !== 'GET' && method !== 'HEAD'),
    answered,
    [Symbol.asyncDispose]: async () => {
      await running.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

const programs = async ({ calls }: Awaited<ReturnType<typeof setting>>) =>
  (await calls()).map(({ args }) => args.slice(0, args[0] === 'buildx' ? 2 : 1).join(' '));

describe('docker without buildx', () => {
  test('builds and pushes, and the digest is what the registry has', async () => {
    await using local = await setting();

    const built = await local.build({ target: 'app' });

    const { name, context } = local;
    expect((await local.calls()).map(({ args }) => args)).toEqual([
      [
        'build',
        '--file',
        `${context}/Dockerfile`,
        '--tag',
        name,
        '--force-rm',
        '--target',
        'app',
        '--build-arg',
        'A=1',
        '--label',
        'l=x y',
        context,
      ],
      ['push', name],
    ]);
    expect([built.builder, built.digest]).toEqual([
      'docker',
      (await local.client.resolve(local.image))?.digest,
    ]);
    expect(built.commands).toEqual([
      `docker build --file ${context}/Dockerfile --tag ${name} --force-rm --target app --build-arg A=1 --label 'l=x y' ${context}`,
      `docker push ${name}`,
    ]);
  });

  test.each([
    ['28.2.2', '0'],
    ['20.10.24', undefined],
  ])('of version %s is told DOCKER_BUILDKIT=%s', async (version, buildkit) => {
    await using local = await setting({ version });

    await local.build();

    expect((await local.calls())[0]?.env['DOCKER_BUILDKIT']).toBe(buildkit);
  });

  test("names a platform that is not the engine's own", async () => {
    await using local = await setting();

    await local.build({ platforms: ['linux/arm64'] });

    expect((await local.calls())[0]?.args).toEqual(expect.arrayContaining(['--platform', 'linux/arm64']));
  });

  test("lets an engine without a bridge build on the host's network, where a step can fetch packages", async () => {
    await using local = await setting({ hasBridge: false });

    await local.build();

    expect((await local.calls())[0]?.args.join(' ')).toContain(' --network host ');
  });

  test('pushes again after a lost connection', async () => {
    await using local = await setting({ pushFailures: ['write: connection reset by peer'] });

    await local.build();

    expect(await programs(local)).toEqual(['build', 'push', 'push']);
  });

  test('does not push again what the registry denies', async () => {
    await using local = await setting({ pushFailures: ['denied: Permission denied'] });

    await expect(local.build()).rejects.toThrow(
      'docker push ended with exit code 1: denied: Permission denied',
    );
    expect(await programs(local)).toEqual(['build', 'push']);
  });
});

describe('buildx', () => {
  test('is preferred, without provenance, and its digest is what the registry has', async () => {
    await using local = await setting({ hasBuildx: true });

    const built = await local.build({ platforms: ['linux/amd64', 'linux/arm64'] });

    const [call] = await local.calls();
    expect(call?.args).toEqual(
      expect.arrayContaining(['--platform', 'linux/amd64,linux/arm64', '--provenance=false', '--push']),
    );
    expect([built.builder, built.digest]).toEqual([
      'buildx',
      (await local.client.resolve(local.image))?.digest,
    ]);
  });

  test('that ends well without a digest is a failure', async () => {
    await using local = await setting({ hasBuildx: true, hasNoMetadata: true });

    await expect(local.build()).rejects.toThrow('buildx ended without saying which digest it pushed');
  });
});

describe.each([
  ['docker', false],
  ['buildx', true],
])('with %s', (_, hasBuildx) => {
  test('nothing is pushed when nothing is to be (BP-02)', async () => {
    await using local = await setting({ hasBuildx });

    const built = await local.build({ push: false });

    expect([built.digest, local.answered]).toEqual([undefined, []]);
    expect(await programs(local)).toEqual([hasBuildx ? 'buildx build' : 'build']);
  });

  test('a push that did not happen is found out', async () => {
    await using local = await setting({ hasBuildx, isLiar: true });

    await expect(local.build()).rejects.toThrow(
      /^the builder says that it pushed sha256:\w+, but the registry has nothing as /,
    );
  });

  test('a tag that names another image is not moved (BP-04)', async () => {
    await using local = await setting({ hasBuildx });
    const bytes = Buffer.from('{}');
    const digest = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
    await local.client.pushBlob(local.image, { digest, bytes });
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const config = { mediaType: 'application/json', digest, size: 2 };
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] }));
    const taken = await local.client.putManifest(local.image, { mediaType, bytes: manifest });

    await expect(local.build()).rejects.toThrow(`tag main-abc1234 names ${taken} already, and is not moved`);
    expect((await local.client.resolve(local.image))?.digest).toBe(taken);
  });

  test('credentials in the context that no .dockerignore names stop the build (BP-24)', async () => {
    await using local = await setting({ hasBuildx }, { ...FILES, 'gha-creds-1.json': '{}' });

    await expect(local.build()).rejects.toThrow(
      `credentials must not be in a build context, found "gha-creds-1.json" in ${local.context}; name them in ${local.context}/.dockerignore`,
    );
    expect([await local.calls(), local.answered]).toEqual([[], []]);
  });

  test('credentials that a .dockerignore names are no matter', async () => {
    await using local = await setting(
      { hasBuildx },
      { ...FILES, 'gha-creds-1.json': '{}', '.dockerignore': '*.json' },
    );

    expect((await local.build()).digest).toMatch(/^sha256:/);
  });

  test('a Dockerfile that is not there is named', async () => {
    await using local = await setting({ hasBuildx }, {});

    await expect(local.build()).rejects.toThrow(
      `the Dockerfile "${local.context}/Dockerfile" does not exist`,
    );
    expect(local.answered).toEqual([]);
  });

  test('docker is logged in with a token of Google by standard input, and logged out when it fails too', async () => {
    await using local = await setting({ hasBuildx, isLiar: true });

    await expect(local.build({}, 'auto', { kind: 'bearer', token: 'ya29.secret' })).rejects.toThrow(
      'but the registry has',
    );

    const calls = (await local.calls()).filter(({ args }) => args[0]?.startsWith('log'));
    const registry = `https://${local.image.registry}`;
    expect(calls.map(({ args, input }) => [args, input])).toEqual([
      [['login', '--username', 'oauth2accesstoken', '--password-stdin', registry], 'ya29.secret'],
      [['logout', registry], ''],
    ]);
    const said = local.logged.filter(({ level }) => level !== 'mask');
    expect(JSON.stringify(said)).not.toContain('ya29.secret');
  });
});

test('a build that fails says why, and nothing is pushed', async () => {
  await using local = await setting({ buildFailure: 'Step 2/2\nCOPY failed: no such file "x"' });

  await expect(local.build()).rejects.toThrow(
    'docker build ended with exit code 1: Step 2/2; COPY failed: no such file "x"',
  );
  expect(local.writes()).toEqual([]);
});

test('two platforms need buildx', async () => {
  await using local = await setting();

  await expect(local.build({ platforms: ['linux/amd64', 'linux/arm64'] })).rejects.toThrow(
    'builder "docker" builds for one platform, got linux/amd64, linux/arm64; use buildx',
  );
});

test.each([
  [{ hasEngine: false }, 'no Docker engine answers, and there are no "pack" settings'],
  [{ hasEngine: false, hasBuildx: true }, 'no Docker engine answers'],
])('with %j no builder can be used, which is said', async (behaviour, message) => {
  await using local = await setting(behaviour);

  await expect(local.build()).rejects.toThrow(`no builder can be used: ${message}`);
});
