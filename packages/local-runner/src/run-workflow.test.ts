import { expect, test } from '@jest/globals';

import { type RunOptions, runWorkflow } from './index.ts';
import { testRepository } from './test-repository.ts';

const WORKFLOW = '.github/workflows/main.yml';

async function runText(
  text: string,
  more: Partial<RunOptions> & { readonly files?: Record<string, string> } = {},
) {
  const { files, ...options } = more;
  using repository = testRepository({ [WORKFLOW]: text, ...files });
  return await runWorkflow({
    repository: repository.folder,
    workflow: WORKFLOW,
    event: { name: 'push', payload: {} },
    repositoryName: 'acme/mindmirror',
    ...options,
  });
}

test('a job gets the outputs of the job that it needs', async () => {
  const run = await runText(`
on: push
jobs:
  one:
    runs-on: ubuntu-latest
    outputs:
      word: \${{ steps.say.outputs.word }}
    steps:
      - id: say
        run: echo "word=hello" >> "$GITHUB_OUTPUT"
  two:
    needs: one
    runs-on: ubuntu-latest
    steps:
      - env:
          WORD: \${{ needs.one.outputs.word }}
        run: echo "it says $WORD"
`);

  expect(run.log('two')).toContain('it says hello');
  expect(run.conclusion).toBe('success');
});

test('a checkout brings the commit that runs', async () => {
  const run = await runText(
    `
on: push
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with:
          fetch-depth: 0
      - run: cat hello.txt; git log --oneline
`,
    { files: { 'hello.txt': 'content of hello' } },
  );

  expect(run.log('one')).toContain('content of hello');
  expect(run.conclusion).toBe('success');
});
