import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { ended } from '../test-programs.ts';
import { startRegistry } from './index.ts';
import { CONFORMANCE, goProgram, hasGo } from './test-go.ts';

/** The first build compiles the suite and what it needs. */
const BUILD_MS = 240_000;

// Where Go is not installed nothing is skipped: what needs it is not registered, and this test says so.
const withGo = hasGo() ? describe : absent;

function absent(): void {
  test('Go is not on the path, so the conformance suite of the distribution specification is not run: install Go', () => {
    expect(hasGo()).toBe(false);
  });
}

withGo('the conformance suite of the distribution specification', () => {
  const built = new AsyncDisposableStack();
  let suite = '';

  beforeAll(async () => {
    const folder = built.use(await mkdtempDisposable(join(tmpdir(), 'conformance-')));
    suite = await goProgram(CONFORMANCE, 'test', { folder: folder.path, source: '.' });
  }, BUILD_MS);

  afterAll(() => built.disposeAsync());

  // Which of the suite's specs run depends on what a registry says of itself; those that stay out are named here one by one.
  test.each([
    { how: 'deleting blobs first', settings: {}, options: {} },
    { how: 'deleting manifests first', settings: { OCI_DELETE_MANIFEST_BEFORE_BLOBS: '1' }, options: {} },
    {
      how: 'logged in',
      settings: { OCI_USERNAME: 'robot', OCI_PASSWORD: 'secret' },
      options: { credentials: { username: 'robot', password: 'secret' } },
    },
  ])('is green in all four categories, $how', async ({ settings, options }) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'conformance-'));
    await using registry = await startRegistry({ folder: join(folder.path, 'registry'), ...options });

    const specs = await runSuite(suite, folder.path, {
      OCI_ROOT_URL: `http://${registry.address}`,
      ...settings,
    });

    expect(specs.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(specs.filter(({ outcome }) => outcome === 'skipped').map(({ name }) => name)).toEqual(NOT_FOR_US);
    expect(passedByCategory(specs)).toEqual({
      Pull: 18,
      Push: 27,
      'Content Discovery': 9,
      'Content Management': 10,
    });
  });
});

/** Two take what is to be read from variables instead of pushing it; two are for registries that mount nothing, or from anywhere. */
const NOT_FOR_US = [
  'Pull Setup Get tag name from environment',
  'Push Cross-Repository Blob Mount Cross-mounting of nonexistent blob should yield session id',
  'Push Cross-Repository Blob Mount Cross-mounting without from, and automatic content discovery enabled should return a 201',
  'Content Discovery Setup Populate registry with test tags (no push)',
];

interface Spec {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
}

async function runSuite(
  suite: string,
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<readonly Spec[]> {
  const env = {
    OCI_NAMESPACE: 'acme/services/one',
    OCI_CROSSMOUNT_NAMESPACE: 'acme/services/two',
    OCI_AUTOMATIC_CROSSMOUNT: '0',
    OCI_TEST_PULL: '1',
    OCI_TEST_PUSH: '1',
    OCI_TEST_CONTENT_DISCOVERY: '1',
    OCI_TEST_CONTENT_MANAGEMENT: '1',
    ...settings,
  };
  const { exitCode, stdout } = await ended(suite, [], { cwd: folder, env });
  const specs = specsIn(await readFile(join(folder, 'junit.xml'), 'utf8'));
  const hasFailed = specs.some(({ outcome }) => outcome === 'failed');
  if ((exitCode === 0) === hasFailed) throw new Error(`the suite ended with ${exitCode}: ${stdout}`);
  return specs;
}

function specsIn(report: string): readonly Spec[] {
  const cases = report.matchAll(
    /<testcase name="OCI Distribution Conformance Tests ([^"]*)"[^>]*>(.*?)<\/testcase>/gs,
  );
  return [...cases].map(([, name = '', inner = '']) => ({
    name,
    outcome: inner.includes('<failure') ? 'failed' : inner.includes('<skipped') ? 'skipped' : 'passed',
    detail: inner.trim(),
  }));
}

function passedByCategory(specs: readonly Spec[]): Readonly<Record<string, number>> {
  const passed = specs.filter(({ outcome }) => outcome === 'passed');
  const count = (category: string) => passed.filter(({ name }) => name.startsWith(category)).length;
  return Object.fromEntries(CATEGORIES.map((category) => [category, count(category)]));
}

const CATEGORIES = ['Pull', 'Push', 'Content Discovery', 'Content Management'];
