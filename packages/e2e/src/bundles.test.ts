import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { root } from './demo/root.ts';
import { runBundle } from './run-bundle.ts';

const actions = readdirSync(join(root, 'actions')).filter((name) =>
  existsSync(join(root, 'actions', name, 'action.yml')),
);

describe.each(actions)('the bundle of %s', (name) => {
  const action = parse(readFileSync(join(root, 'actions', name, 'action.yml'), 'utf8')) as {
    readonly runs: { readonly using: string; readonly main: string };
  };
  const bundle = join(root, 'actions', name, action.runs.main);

  test('is what action.yml names, for Node 24', () => {
    expect(action.runs).toEqual({ using: 'node24', main: `../../dist/${name}/index.js` });
    expect(statSync(bundle).isFile()).toBe(true);
  });

  test('holds no path of the machine that built it', () => {
    expect(readFileSync(bundle, 'utf8')).not.toContain(root);
  });

  test('fails with one clear line when it is given nothing to work with', async () => {
    const { code, stdout, stderr } = await runBundle(name, { manifest: 'no-such-manifest.yaml' });

    expect(code).toBe(1);
    expect(stdout.trim().split('\n').at(-1)).toMatch(/^::error::\S.{20,}/);
    expect(stderr).toBe('');
  });
});
