import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { pushRules } from '../artifact-registry/index.ts';
import { tarOf } from '../data/test-image.ts';
import { clientBench } from './test-clients.ts';
import { CRANE, goProgram, hasGo, ORAS } from './test-go.ts';

/** The first build compiles the clients and what they need. */
const BUILD_MS = 240_000;
const SBOM = 'application/vnd.acme.sbom';

// Where Go is not installed nothing is skipped: what needs it is not registered, and this test says so.
const withGo = hasGo() ? describe : absent;

function absent(): void {
  test('Go is not on the path, so neither oras nor crane is driven against the registry: install Go', () => {
    expect(hasGo()).toBe(false);
  });
}

withGo('clients of registries', () => {
  const built = new AsyncDisposableStack();
  let oras = '';
  let crane = '';

  beforeAll(async () => {
    const { path: folder } = built.use(await mkdtempDisposable(join(tmpdir(), 'registry-clients-')));
    oras = await goProgram(ORAS, 'build', { folder, source: './cmd/oras' });
    crane = await goProgram(CRANE, 'build', { folder, source: './cmd/crane' });
  }, BUILD_MS);

  afterAll(() => built.disposeAsync());

  test('oras pushes an artifact, attaches another to it, finds that one and pulls both back', async () => {
    await using at = await clientBench();
    const name = `${at.address}/acme/files:v1`;
    await at.file('notes.txt', 'hello');
    await at.file('sbom.json', '{"packages":[]}');

    await at.run(
      oras,
      'push',
      '--plain-http',
      '--artifact-type',
      'application/vnd.acme.notes',
      name,
      'notes.txt',
    );
    await at.run(oras, 'attach', '--plain-http', '--artifact-type', SBOM, name, 'sbom.json');
    const found = await at.json(oras, 'discover', '--plain-http', '--format', 'json', name);
    const others = await at.json(
      oras,
      'discover',
      '--plain-http',
      '--format',
      'json',
      '--artifact-type',
      'application/x',
      name,
    );
    const [sbom] = referrersIn(found);
    await at.run(oras, 'pull', '--plain-http', '--output', 'pulled', name);
    await at.run(oras, 'pull', '--plain-http', '--output', 'pulled', sbom?.reference ?? '');

    expect(found).toEqual({ manifests: [expect.objectContaining({ artifactType: SBOM })] });
    expect(referrersIn(others)).toEqual([]);
    expect(await readFile(join(at.folder, 'pulled', 'notes.txt'), 'utf8')).toBe('hello');
    expect(await readFile(join(at.folder, 'pulled', 'sbom.json'), 'utf8')).toBe('{"packages":[]}');
  });

  test('oras copies an artifact with what is attached to it, here and to another registry, and deletes it', async () => {
    await using at = await clientBench();
    await using elsewhere = await clientBench();
    const name = `${at.address}/acme/files:v1`;
    const copies = [`${at.address}/acme/copies:v2`, `${elsewhere.address}/acme/copies:v2`];
    await at.file('notes.txt', 'hello');
    await at.run(oras, 'push', '--plain-http', name, 'notes.txt');
    await at.run(oras, 'attach', '--plain-http', '--artifact-type', SBOM, name, 'notes.txt');

    for (const copy of copies)
      await at.run(oras, 'cp', '--from-plain-http', '--to-plain-http', '--recursive', name, copy);
    const attached = await Promise.all(
      [name, ...copies].map((copy) => at.json(oras, 'discover', '--plain-http', '--format', 'json', copy)),
    );
    await at.run(oras, 'manifest', 'delete', '--plain-http', '--force', copies[0] ?? '');
    const gone = await at.tried(oras, 'manifest', 'fetch', '--plain-http', copies[0] ?? '');
    const tags = await at.run(oras, 'repo', 'tags', '--plain-http', `${elsewhere.address}/acme/copies`);

    const digests = attached.map((one) => referrersIn(one).map(({ digest }) => digest));
    expect(digests[0]).toHaveLength(1);
    expect(digests).toEqual([digests[0], digests[0], digests[0]]);
    expect(gone).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('not found') });
    expect(tags).toBe('v2\n');
  });

  test('crane pushes images for two platforms, joins them in an index, and copies, checks and deletes it', async () => {
    await using at = await clientBench();
    const image = `${at.address}/acme/web`;
    const copy = `${at.address}/acme/copies:multi`;
    await at.file('layer.tar', await tarOf({ 'app/hello': 'hello' }));
    await at.run(crane, 'append', '--oci-empty-base', '-f', 'layer.tar', '-t', `${image}:base`);
    for (const architecture of ['amd64', 'arm64'])
      await at.run(
        crane,
        'mutate',
        '--set-platform',
        `linux/${architecture}`,
        '-t',
        `${image}:${architecture}`,
        `${image}:base`,
      );

    await at.run(
      crane,
      'index',
      'append',
      '-m',
      `${image}:amd64`,
      '-m',
      `${image}:arm64`,
      '-t',
      `${image}:multi`,
    );
    await at.run(crane, 'copy', `${image}:multi`, copy);
    const checked = await at.tried(crane, 'validate', '--remote', copy);
    const digests = await Promise.all(
      [`${image}:arm64`, copy].map((name) => at.run(crane, 'digest', '--platform', 'linux/arm64', name)),
    );
    const tags = await at.run(crane, 'ls', image);
    const files = await at.run(crane, 'export', '--platform', 'linux/amd64', copy, '-');
    await at.run(
      crane,
      'delete',
      `${at.address}/acme/copies@${(await at.run(crane, 'digest', copy)).trim()}`,
    );
    const gone = await at.tried(crane, 'manifest', copy);

    expect(checked).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('PASS') });
    expect(digests[1]).toBe(digests[0]);
    expect(tags.split('\n')).toEqual(['amd64', 'arm64', 'base', 'multi', '']);
    expect(files).toContain('app/hello');
    expect(gone).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('MANIFEST_UNKNOWN') });
  });

  test('crane and oras are told why they may not push, as Artifact Registry says it', async () => {
    const settings = { format: 'DOCKER', dockerConfig: { immutableTags: true } };
    const name = 'projects/acme/locations/us-central1/repositories/web';
    const rules = pushRules(new Map([[name, { createMs: 0, updateMs: 0, settings }]]));
    rules.change({ requireRepositories: true });
    await using at = await clientBench(rules);
    await at.file('layer.tar', await tarOf({ 'app/hello': 'hello' }));
    await at.file('notes.txt', 'hello');
    const image = `${at.address}/acme/web/api:v1`;
    const append = ['append', '--oci-empty-base', '-f', 'layer.tar', '-t'];

    await at.run(crane, ...append, image);
    const again = await at.tried(crane, ...append, image);
    const moved = await at.tried(oras, 'push', '--plain-http', image, 'notes.txt');
    const lost = await at.tried(crane, ...append, `${at.address}/acme/apps/api:v1`);
    const short = await at.tried(oras, 'push', '--plain-http', `${at.address}/acme/apps:v1`, 'notes.txt');

    expect(again.exitCode).toBe(0);
    expect([moved, lost, short].map(({ exitCode }) => exitCode)).toEqual([1, 1, 1]);
    expect(moved.stderr).toMatch(
      /manifest invalid: cannot update tag v1\. The repository has enabled tag immutability/,
    );
    expect(lost.stderr).toMatch(/NAME_UNKNOWN: Repository "apps" not found/);
    expect(short.stderr).toMatch(/name invalid: Missing image name\. Pushes should be of the form/);
  });
});

interface Referrer {
  readonly reference: string;
  readonly digest: string;
}

function referrersIn(discovered: unknown): readonly Referrer[] {
  const { manifests } = discovered as { readonly manifests?: unknown };
  return Array.isArray(manifests) ? (manifests as readonly Referrer[]) : [];
}
