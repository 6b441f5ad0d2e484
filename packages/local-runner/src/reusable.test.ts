import { describe, expect, test } from '@jest/globals';

import { conclusionsOf, printed, runText, testFolder } from './testing.ts';

const CALLED = '.github/workflows/called.yml';

test('a called workflow gets typed inputs and secrets, and gives outputs', async () => {
  const called = `
on:
  workflow_call:
    inputs:
      unit: { type: string, required: true }
      percent: { type: number, default: 10 }
      dry: { type: boolean }
    secrets:
      key: { required: true }
    outputs:
      url: { value: 'https://\${{ jobs.inner.outputs.host }}' }
jobs:
  inner:
    runs-on: x
    outputs: { host: '\${{ steps.host.outputs.host }}' }
    steps:
      - if: inputs.percent > 9 && !inputs.dry
        run: echo "$UNIT $PERCENT, a key of $(printf %s "$KEY" | wc -c) letters"
        env: { UNIT: '\${{ inputs.unit }}', PERCENT: '\${{ inputs.percent }}', KEY: '\${{ secrets.key }}' }
      - id: host
        run: echo host=habits.example >> "$GITHUB_OUTPUT"
`;
  const run = await runText(
    `
on: push
jobs:
  call:
    uses: ./${CALLED}
    with: { unit: habits }
    secrets: { key: '\${{ secrets.KEY }}' }
  after:
    needs: call
    runs-on: x
    steps: [{ run: 'echo at \${{ needs.call.outputs.url }}' }]
`,
    { files: { [CALLED]: called }, secrets: { KEY: 'abcde' } },
  );

  expect(printed(run, 'call/inner')).toEqual(['habits 10, a key of 5 letters']);
  expect(printed(run, 'after')).toEqual(['at https://habits.example']);
  expect(run.jobs.map(({ id, name }) => [id, name])).toEqual([
    ['call/inner', 'call / inner'],
    ['call', 'call'],
    ['after', 'after'],
  ]);
});

describe('a call that does not fit is refused before anything runs', () => {
  const called = `
on: { workflow_call: { inputs: { unit: { type: string, required: true } }, secrets: { key: { required: true } } } }
jobs: { inner: { runs-on: x, steps: [] } }
`;

  test.each([
    [
      'a required input is missing',
      'secrets: inherit',
      'job "call": input "unit" is required by .github/workflows/called.yml and is not given',
    ],
    [
      'an input is unknown',
      'with: { unit: a, unti: b }\n    secrets: inherit',
      'job "call": input "unti" is not defined in .github/workflows/called.yml',
    ],
    [
      'a required secret is missing',
      'with: { unit: a }',
      'job "call": secret "key" is required by .github/workflows/called.yml and is not given',
    ],
  ])('%s', async (_claim, more, message) => {
    const running = runText(
      `
on: push
jobs:
  call:
    uses: ./${CALLED}
    ${more}
`,
      { files: { [CALLED]: called } },
    );

    await expect(running).rejects.toThrow(message);
  });

  test('the repository is not mapped', async () => {
    const running = runText(
      'on: push\njobs: { call: { uses: fairlead/fairlead/.github/workflows/deliver.yml@v1 } }',
    );

    await expect(running).rejects.toThrow(
      `"fairlead/fairlead" is not on this machine: map it to a folder with mappings: { 'fairlead/fairlead': '/path/to/it' }`,
    );
  });

  test('a nested job asks for more than its caller has', async () => {
    const asking =
      'on: workflow_call\njobs: { inner: { runs-on: x, permissions: { id-token: write }, steps: [] } }';
    const running = runText(`on: push\npermissions: {}\njobs: { call: { uses: ./${CALLED} } }`, {
      files: { [CALLED]: asking },
    });

    await expect(running).rejects.toThrow(
      'job "call": the nested job "inner" of .github/workflows/called.yml asks for "id-token: write", which its caller does not have',
    );
  });

  test('eleven workflows call one another', async () => {
    const files = Object.fromEntries(
      [...Array(11).keys()].map((level) => [
        `.github/workflows/w${level}.yml`,
        level === 10
          ? 'on: workflow_call\njobs: { last: { runs-on: x, steps: [] } }'
          : `on: workflow_call\njobs: { next: { uses: ./.github/workflows/w${level + 1}.yml } }`,
      ]),
    );

    await expect(
      runText('on: push\njobs: { a: { uses: ./.github/workflows/w1.yml } }', { files }),
    ).rejects.toThrow('the limit is 10 levels');
  });
});

test('a value of the wrong type fails the call', async () => {
  const called =
    'on: { workflow_call: { inputs: { dry: { type: boolean } } } }\njobs: { inner: { runs-on: x, steps: [] } }';
  const run = await runText(
    `
on: push
jobs:
  call: { uses: ./${CALLED}, with: { dry: '\${{ github.ref }}' } }
`,
    { files: { [CALLED]: called } },
  );

  expect(run.annotations.map(({ message }) => message)).toEqual([
    'input "dry" must be a boolean, got the string "refs/heads/main"',
  ]);
  expect(conclusionsOf(run)).toEqual({ call: 'failure' });
});

test('ten workflows may call one another', async () => {
  const files = Object.fromEntries(
    [...Array(10).keys()].map((level) => [
      `.github/workflows/w${level}.yml`,
      level === 9
        ? 'on: workflow_call\njobs: { last: { runs-on: x, steps: [{ run: echo deep }] } }'
        : `on: workflow_call\njobs: { next: { uses: ./.github/workflows/w${level + 1}.yml } }`,
    ]),
  );
  const run = await runText('on: push\njobs: { a: { uses: ./.github/workflows/w1.yml } }', { files });

  expect(run.conclusion).toBe('success');
  expect(run.jobs[0]?.id).toBe('a/next/next/next/next/next/next/next/next/last');
});

test('$/ in a mapped workflow is the repository that says it, ./ is the workspace', async () => {
  const action = (word: string) => `
name: Say
description: Says where it is from.
runs: { using: composite, steps: [{ run: echo from ${word}, shell: bash }] }
`;
  using fairlead = testFolder({
    '.github/workflows/deliver.yml': `
on: workflow_call
jobs:
  deliver:
    runs-on: x
    steps:
      - uses: actions/checkout@v5
      - uses: $/actions/say
      - uses: ./actions/say
      - run: echo "$REPOSITORY"
        env: { REPOSITORY: '\${{ job.workflow_repository }} \${{ github.repository }}' }
  nested:
    uses: $/.github/workflows/nested.yml
`,
    '.github/workflows/nested.yml':
      'on: workflow_call\njobs: { deep: { runs-on: x, steps: [{ uses: $/actions/say }] } }',
    'actions/say/action.yml': action('fairlead'),
  });
  const run = await runText(
    'on: push\njobs: { call: { uses: fairlead/fairlead/.github/workflows/deliver.yml@v1 } }',
    {
      files: { 'actions/say/action.yml': action('the caller') },
      mappings: { 'fairlead/fairlead': fairlead.folder },
    },
  );

  expect(printed(run, 'call/deliver').slice(1)).toEqual([
    'from fairlead',
    'from the caller',
    'fairlead/fairlead acme/mindmirror',
  ]);
  expect(printed(run, 'call/nested/deep')).toEqual(['from fairlead']);
});

test('the jobs of a called workflow are cancelled with it, and their caller says so', async () => {
  const called = 'on: workflow_call\njobs: { slow: { runs-on: x, steps: [{ run: sleep 30 }] } }';
  const stop = new AbortController();
  const run = await runText(`on: push\njobs: { call: { uses: ./${CALLED} } }`, {
    files: { [CALLED]: called },
    signal: stop.signal,
    onEvent: (event) => {
      if (event.kind === 'step-started') stop.abort();
    },
  });

  expect(conclusionsOf(run)).toEqual({ 'call/slow': 'cancelled', call: 'cancelled' });
  expect(run.conclusion).toBe('cancelled');
});
