import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

import { root } from './actions.ts';

const run = promisify(execFile);

interface Violation {
  readonly rule: string;
  readonly file: string;
  readonly target: string;
  /** What the target imports in turn, to close a circle. */
  readonly back?: string;
}

/** A violation of each rule of .dependency-cruiser.mjs: the file that breaks it, and what it imports. */
const violations: readonly Violation[] = [
  {
    rule: 'core-imports-core-only',
    file: 'packages/rollout/src/bad.ts',
    target: '../../cloud-run/src/index.ts',
  },
  { rule: 'core-does-nothing', file: 'packages/rollout/src/bad.ts', target: 'node:fs' },
  {
    rule: 'shell-imports-no-action',
    file: 'packages/cloud-run/src/bad.ts',
    target: '../../../actions/one/src/main.ts',
  },
  { rule: 'no-action-imports-another', file: 'actions/two/src/bad.ts', target: '../../one/src/main.ts' },
  {
    rule: 'support-is-never-shipped',
    file: 'actions/two/src/bad.ts',
    target: '../../../packages/local-cloud/src/index.ts',
  },
  {
    rule: 'use-a-package-through-its-index',
    file: 'actions/two/src/bad.ts',
    target: '../../../packages/cloud-run/src/inner.ts',
  },
  { rule: 'no-circles', file: 'packages/cloud-run/src/inner.ts', target: './bad.ts', back: './inner.ts' },
  { rule: 'actions-core-by-action-kit', file: 'packages/cloud-run/src/bad.ts', target: '@actions/core' },
  { rule: 'actions-github-by-github', file: 'packages/cloud-run/src/bad.ts', target: '@actions/github' },
  { rule: 'google-auth-by-google', file: 'packages/cloud-run/src/bad.ts', target: 'google-auth-library' },
  { rule: 'cloud-run-client-by-cloud-run', file: 'packages/rollout/src/bad.ts', target: '@google-cloud/run' },
];

const wellBehaved = {
  'packages/cloud-run/src/index.ts': 'export { inner } from "./inner.ts";',
  'packages/cloud-run/src/inner.ts': 'export const inner = 1;',
  'packages/rollout/src/index.ts': 'export const plan = 1;',
  'packages/local-cloud/src/index.ts': 'export const cloud = 1;',
  'actions/one/src/main.ts':
    'import { inner } from "../../../packages/cloud-run/src/index.ts"; export const one = inner;',
};

describe('the direction of dependencies', () => {
  test('holds in a tree that keeps to it', async () => {
    await using tree = await plant(wellBehaved);

    expect(await violated(tree.folder)).toEqual([]);
  });

  test.each(violations)('$rule is reported', async ({ rule, file, target, back }) => {
    await using tree = await plant({
      ...wellBehaved,
      [file]: `import ${JSON.stringify(target)}; export const bad = 1;`,
      ...(back === undefined ? {} : { [join(dirname(file), 'bad.ts')]: `import ${JSON.stringify(back)};` }),
    });

    expect(await violated(tree.folder)).toContain(rule);
  });
});

async function plant(
  files: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-direction-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await cp(join(root, '.dependency-cruiser.mjs'), join(folder, '.dependency-cruiser.mjs'));
  await cp(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

async function violated(folder: string): Promise<readonly string[]> {
  const cli = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [cli, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'packages', 'actions'];
  const { stdout } = await run(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
  const report = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
  return report.summary.violations.map(({ rule }) => rule.name);
}
