import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { recordingContext, runCommand } from '@fairlead/action-kit';
import { startRegistry } from '@fairlead/local-cloud';
import { describe, expect, test } from '@jest/globals';

import { buildImage, registryClient } from '../index.ts';

const answers = (...args: readonly string[]) => spawnSync('docker', args, { stdio: 'ignore' }).status === 0;
const hasEngine = answers('version');
const hasBuildx = hasEngine && answers('buildx', 'version');

const engine = hasEngine
  ? { describe, note: '' }
  : { describe: describe.skip, note: ' (skipped: none answers; start one or set DOCKER_HOST)' };
// Debian's Docker comes without buildx: its absence is no gap in what is tried, the builder is the next best.
const builders = hasBuildx ? (['docker', 'buildx'] as const) : (['docker'] as const);

async function setting() {
  const home = await mkdtemp(join(tmpdir(), 'engine-'));
  const running = await startRegistry({ folder: join(home, 'registry') });
  const context = await mkdtemp(join(home, 'context-'));
  await writeFile(join(context, 'Dockerfile'), 'FROM scratch\nARG NAME\nLABEL name=$NAME\nCOPY hello /\n');
  await writeFile(join(context, 'hello'), 'hello');
  const recorded = recordingContext();
  const credentialsFor = () => Promise.resolve(undefined);
  const client = registryClient({ ...recorded, credentialsFor });
  const image = { registry: running.address, repository: 'acme/services/web', tag: 'main-abc1234' };
  return {
    image,
    context,
    client,
    name: `${running.address}/acme/services/web:main-abc1234`,
    build: (builder: 'docker' | 'buildx' | 'pack') =>
      buildImage(
        { ...recorded, client, credentialsFor, env: process.env },
        {
          image,
          context,
          dockerfile: join(context, 'Dockerfile'),
          args: { NAME: 'web' },
          labels: { 'org.opencontainers.image.revision': 'abc' },
          platforms: ['linux/amd64'],
          push: true,
          pack: {
            base: 'scratch',
            files: ['hello'],
            workdir: '/app',
            command: ['/app/hello'],
            env: { A: '1' },
            user: '1000',
          },
        },
        builder,
      ),
    [Symbol.asyncDispose]: async () => {
      await running.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

engine.describe(`a real engine${engine.note}`, () => {
  test.each(builders)(
    'builds with %s, pushes to the local registry and pulls by the digest',
    async (builder) => {
      await using local = await setting();

      const built = await local.build(builder);
      const byDigest = `${local.name.replace(/:[^:]*$/, '')}@${built.digest ?? ''}`;
      const pulled = await runCommand('docker', ['pull', byDigest]);
      const labels = ['image', 'inspect', '--format', '{{json .Config.Labels}}', byDigest];
      const inspected = await runCommand('docker', labels);
      await runCommand('docker', ['image', 'rm', '--force', local.name, byDigest]);

      expect(built.digest).toBe((await local.client.resolve(local.image))?.digest);
      expect([built.builder, built.platformDigest, pulled.exitCode]).toEqual([builder, built.digest, 0]);
      expect(JSON.parse(inspected.stdout)).toEqual({
        name: 'web',
        'org.opencontainers.image.revision': 'abc',
      });
    },
  );

  test('takes an image that was packed without it', async () => {
    await using local = await setting();

    await local.build('pack');
    const pulled = await runCommand('docker', ['pull', local.name]);
    const inspected = await runCommand('docker', [
      'image',
      'inspect',
      '--format',
      '{{json .Config}}',
      local.name,
    ]);
    await runCommand('docker', ['image', 'rm', '--force', local.name]);

    expect(pulled.exitCode).toBe(0);
    expect(JSON.parse(inspected.stdout)).toMatchObject({
      Cmd: ['/app/hello'],
      User: '1000',
      WorkingDir: '/app',
    });
  });
});
