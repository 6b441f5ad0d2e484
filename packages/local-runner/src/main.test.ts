import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { testRepository, WORKFLOW } from './testing.ts';

function run(text: string, ...args: readonly string[]) {
  using repository = testRepository({ [WORKFLOW]: text });
  const main = join(import.meta.dirname, 'main.ts');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [main, '--repository', repository.folder, '--workflow', WORKFLOW, ...args],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

describe('the command line', () => {
  test('prints the log and exits with 0', () => {
    const { status, stdout } = run('on: push\njobs: { job: { runs-on: x, steps: [{ run: echo hello }] } }');

    expect(stdout).toContain('job | hello\n');
    expect(status).toBe(0);
  });

  test('prints events as JSON, and exits with 1 for a red run', () => {
    const { status, stdout } = run(
      'on: push\njobs: { job: { runs-on: x, steps: [{ run: exit 1 }] } }',
      '--json',
    );
    const kinds = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { kind: string }).kind);

    expect(kinds.filter((kind) => kind !== 'log')).toEqual([
      'workflow-started',
      'job-started',
      'step-started',
      'annotation',
      'step-ended',
      'job-ended',
      'workflow-ended',
    ]);
    expect(status).toBe(1);
  });

  test('says what is wrong with a workflow and exits with 2', () => {
    const { status, stderr } = run('on: push\njobs: {}');

    expect(stderr).toContain(`${WORKFLOW}:`);
    expect(status).toBe(2);
  });
});
