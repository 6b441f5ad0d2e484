import { describe, expect, test } from '@jest/globals';

import { runEvent, type RunOptions } from './index.ts';
import { testRepository } from './testing.ts';

const JOBS = 'jobs: { job: { runs-on: x, steps: [] } }';

async function startedBy(on: string, options: Omit<RunOptions, 'workflow' | 'repository'>) {
  using repository = testRepository({ 'README.md': 'first', '.github/workflows/other.txt': 'no workflow' });
  const before = repository.git('rev-parse', 'HEAD');
  repository.commit({ '.github/workflows/main.yml': `on: ${on}\n${JOBS}`, 'src/habits/main.py': 'pass' });
  const payload = { before, ...(options.event.payload as object | undefined) };
  const runs = await runEvent({
    repository: repository.folder,
    ...options,
    event: { ...options.event, payload },
  });
  return [...runs.keys()];
}

describe('a push starts a workflow', () => {
  test.each([
    ['that asks for it', 'push', 'refs/heads/main', true],
    ['that asks for one of several', '[pull_request, push]', 'refs/heads/main', true],
    ['that asks for something else', 'pull_request', 'refs/heads/main', false],
    ['of its branch', '{ push: { branches: [main] } }', 'refs/heads/main', true],
    ['of branches that match', "{ push: { branches: ['release/**'] } }", 'refs/heads/release/1/2', true],
    ['of another branch', '{ push: { branches: [main] } }', 'refs/heads/next', false],
    ['of all branches but one', "{ push: { branches: ['**', '!next'] } }", 'refs/heads/next', false],
    ['that ignores the branch', '{ push: { branches-ignore: [next] } }', 'refs/heads/next', false],
    ['of a tag', "{ push: { tags: ['v*'] } }", 'refs/tags/v1.2', true],
    ['of branches alone, by a tag', '{ push: { branches: [main] } }', 'refs/tags/v1', false],
    ['of paths that changed', "{ push: { paths: ['src/**'] } }", 'refs/heads/main', true],
    ['of paths that did not change', "{ push: { paths: ['README.md'] } }", 'refs/heads/main', false],
    ['that ignores some of what changed', "{ push: { paths-ignore: ['src/**'] } }", 'refs/heads/main', true],
    ['of names with a version', "{ push: { tags: ['v[0-9]+.[0-9]+'] } }", 'refs/tags/v10.2', true],
    ['that ignores all that changed', "{ push: { paths-ignore: ['**'] } }", 'refs/heads/main', false],
  ])('%s', async (...[, on, ref, isStarted]) => {
    const started = await startedBy(on, { ref, event: { name: 'push' } });

    expect(started).toEqual(isStarted ? ['.github/workflows/main.yml'] : []);
  });
});

describe('a pull request starts a workflow', () => {
  test.each([
    ['when it is opened', 'pull_request', 'opened', true],
    ['not when it is labelled', 'pull_request', 'labeled', false],
    ['when the workflow asks for labels', '{ pull_request: { types: [labeled] } }', 'labeled', true],
    ['to the branch that it goes to', '{ pull_request: { branches: [main] } }', 'opened', true],
    ['not to another branch', '{ pull_request: { branches: [next] } }', 'opened', false],
  ])('%s', async (...[, on, action, isStarted]) => {
    const payload = { action, pull_request: { base: { ref: 'main' }, head: { ref: 'topic' } } };
    const started = await startedBy(on, {
      ref: 'refs/pull/7/merge',
      event: { name: 'pull_request', payload },
    });

    expect(started).toEqual(isStarted ? ['.github/workflows/main.yml'] : []);
  });
});
