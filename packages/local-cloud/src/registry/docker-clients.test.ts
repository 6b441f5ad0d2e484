import { describe, expect, test } from '@jest/globals';

import { engineAnswers } from '../data/index.ts';
import { tarOf } from '../data/test-image.ts';
import { isOnPath } from '../test-programs.ts';
import { type ClientBench, clientBench } from './test-clients.ts';
import { digestOf } from '../data/test-image.ts';

const isThere = isOnPath('docker') && (await engineAnswers());

// Where no engine answers nothing is skipped: what needs it is not registered, and this test says so.
const withEngine = isThere ? describe : absent;

function absent(): void {
  test('no Docker engine answers to a docker program, so none is driven against the registry: install one, start it or set DOCKER_HOST', () => {
    expect(isThere).toBe(false);
  });
}

withEngine('docker', () => {
  test('pushes an image, finds it there already the second time, and pulls it by its digest', async () => {
    await using at = await clientBench();
    await using images = await loaded(at, ['amd64']);
    const [name = ''] = images.names;

    const pushed = await at.run('docker', 'push', name);
    const again = await at.run('docker', 'push', name);
    const digest = /digest: (sha256:[0-9a-f]{64})/.exec(pushed)?.[1] ?? 'no digest';
    await at.run('docker', 'image', 'rm', name);
    const byDigest = `${at.address}/acme/web@${digest}`;
    await at.run('docker', 'pull', byDigest);
    const label = await at.run(
      'docker',
      'image',
      'inspect',
      '--format',
      '{{.Config.Labels.built}}',
      byDigest,
    );
    await at.run('docker', 'image', 'rm', byDigest);

    expect(pushed).toContain(': Pushed');
    expect(again).toContain(': Layer already exists');
    expect(label).toBe('amd64\n');
  });

  test.each(['amd64', 'arm64'])('pulls from an index what is for %s', async (architecture) => {
    await using at = await clientBench();
    await using images = await loaded(at, ['amd64', 'arm64']);
    const index = `${at.address}/acme/web:multi`;
    for (const name of images.names) await at.run('docker', 'push', name);

    await at.run('docker', 'manifest', 'create', '--insecure', index, ...images.names);
    await at.run('docker', 'manifest', 'push', '--insecure', index);
    await at.run('docker', 'pull', '--platform', `linux/${architecture}`, index);
    const told = ['image', 'inspect', '--format', '{{.Config.Labels.built}} {{.Architecture}}', index];
    const pulled = await at.run('docker', ...told);
    await at.run('docker', 'image', 'rm', index);

    expect(pulled).toBe(`${architecture} ${architecture}\n`);
  });

  test('is told of what is not there', async () => {
    await using at = await clientBench();

    const pulled = await at.tried('docker', 'pull', `${at.address}/acme/web:none`);

    expect(pulled).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('not found') });
  });
});

/** An image for each architecture in the engine, made without a builder; gone from the engine in the end. */
async function loaded(
  at: ClientBench,
  architectures: readonly string[],
): Promise<AsyncDisposable & { readonly names: readonly string[] }> {
  const names = architectures.map((architecture) => `${at.address}/acme/web:${architecture}`);
  for (const architecture of architectures) {
    await at.file('image.tar', await archiveOf(`${at.address}/acme/web:${architecture}`, architecture));
    await at.run('docker', 'load', '--input', 'image.tar');
  }
  return {
    names,
    [Symbol.asyncDispose]: async () => {
      await at.tried('docker', 'image', 'rm', '--force', ...names);
    },
  };
}

/** What `docker save` would have written. */
async function archiveOf(name: string, architecture: string): Promise<Buffer> {
  const layer = await tarOf({ 'app/hello': `hello from ${name}` });
  const config = {
    architecture,
    os: 'linux',
    config: { Labels: { built: architecture } },
    rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
  };
  return tarOf({
    'manifest.json': JSON.stringify([{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }]),
    'config.json': JSON.stringify(config),
    'layer.tar': layer,
  });
}
