import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { recordingContext } from '@fairlead/action-kit';
import { describe, expect, test } from '@jest/globals';

import { loadManifest, readDeployment } from './index.ts';

const MANIFEST = `
project: acme
region: us-central1
registry: us-central1-docker.pkg.dev/acme/services
environments:
  production: { branches: main }
  staging: { branches: develop, suffix: -staging }
units:
  habits: { kind: service, paths: habits/** }
  journal: { kind: service, paths: journal/** }
`;

/** A workspace that holds a manifest, and an action's context in it. */
function workspace(text: string, inputs: Readonly<Record<string, string>> = {}, ref = 'refs/heads/main') {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-manifest-'));
  writeFileSync(join(folder, 'fairlead.yaml'), text);
  return {
    context: recordingContext({ inputs, env: { GITHUB_WORKSPACE: folder, GITHUB_REF: ref } }),
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

describe('the manifest of a workspace', () => {
  test('is annotated with every error at its line, and the step fails with the first', async () => {
    using broken = workspace(
      'projekt: acme\nenvironments: {}\nunits: { habits: { kind: servce, paths: a } }\n',
    );

    await expect(loadManifest(broken.context, 'fairlead.yaml')).rejects.toThrow(
      'fairlead.yaml has 2 errors, the first: fairlead.yaml:1:1: the manifest has no key "projekt"; did you mean "project"?',
    );
    expect(broken.context.logged).toEqual([
      {
        level: 'error',
        message: 'the manifest has no key "projekt"; did you mean "project"?',
        place: { file: 'fairlead.yaml', line: 1, column: 1, title: 'manifest' },
      },
      {
        level: 'error',
        message:
          'unit "habits": kind must be one of "service", "worker", "gateway", "web", "external", got "servce"; did you mean "service"?',
        place: { file: 'fairlead.yaml', line: 3, column: 26, title: 'manifest' },
      },
    ]);
  });

  test('that is missing is told with what to do', async () => {
    using empty = workspace('');

    await expect(loadManifest(empty.context, 'other.yaml')).rejects.toThrow(
      'the manifest "other.yaml" cannot be read; check out the code before this step, or name the file by the input "manifest"',
    );
  });
});

describe('the deployment that the inputs select', () => {
  test('is that of the pushed branch, with all units', async () => {
    using files = workspace(MANIFEST, {}, 'refs/heads/develop');

    const { environment, selected } = await readDeployment(files.context);

    expect([environment, selected.map(({ serviceName }) => serviceName)]).toEqual([
      'staging',
      ['habits-staging', 'journal-staging'],
    ]);
  });

  test('is that of the named environment, whatever was pushed', async () => {
    using files = workspace(MANIFEST, { environment: 'staging', project: 'other', units: 'journal' });

    const { environment, project, selected } = await readDeployment(files.context);

    expect([environment, project, selected.map(({ name }) => name)]).toEqual([
      'staging',
      'other',
      ['journal'],
    ]);
  });

  test.each([
    ['["habits"]', ['habits']],
    ['journal\nhabits', ['habits', 'journal']],
    ['journal, habits', ['habits', 'journal']],
    ['[]', []],
  ])('takes units written as %j, in the order of the manifest', async (units, names) => {
    using files = workspace(MANIFEST, { units });

    expect((await readDeployment(files.context)).selected.map(({ name }) => name)).toEqual(names);
  });

  test.each([
    [
      { units: 'habit' },
      'input "units" names "habit", which fairlead.yaml does not have; it has "habits", "journal"; did you mean "habits"?',
    ],
    [{ units: '[1]' }, 'input "units" must be a list of unit names, got "[1]"'],
    [{ units: '[habits' }, 'input "units" must be JSON, got "[habits"'],
    [
      { environment: 'stagin' },
      'fairlead.yaml has no environment "stagin", it has "production", "staging"; did you mean "staging"?',
    ],
  ])('is refused for %j', async (inputs, message) => {
    using files = workspace(MANIFEST, inputs);

    await expect(readDeployment(files.context)).rejects.toThrow(message);
  });

  test('of a branch that maps to nothing is refused before any call (EN-01, EN-03)', async () => {
    using files = workspace(MANIFEST, {}, 'refs/heads/feature');

    await expect(readDeployment(files.context)).rejects.toThrow(
      '"refs/heads/feature" maps to no environment of fairlead.yaml; set the input "environment" to one of "production", "staging"',
    );
  });
});
