import { describe, expect, test } from '@jest/globals';

import { printed, runSteps, testFolder } from './testing.ts';

const NODE_ACTION = {
  'actions/say/action.yml': `
name: Say
description: Says what it is told.
inputs:
  word: { description: What to say., default: 'default on \${{ github.ref }}' }
  Two Words: { description: More to say. }
outputs: { said: { description: What was said. } }
runs: { using: node24, main: ../../dist/say.mjs, pre: pre.mjs, post: post.mjs }
`,
  'dist/say.mjs': `
import { appendFileSync } from 'node:fs';
const { env } = process;
console.log('main', env.INPUT_WORD, env.INPUT_TWO_WORDS, env.STATE_since, env.GITHUB_ACTION_REPOSITORY);
appendFileSync(env.GITHUB_OUTPUT, 'said=' + env.INPUT_WORD + '\\n');
appendFileSync(env.GITHUB_STATE, 'did=main\\n');
if (env.INPUT_WORD === 'bad') process.exit(1);
`,
  'actions/say/pre.mjs': `
import { appendFileSync } from 'node:fs';
console.log('pre', process.env.INPUT_WORD);
appendFileSync(process.env.GITHUB_STATE, 'since=pre\\n');
`,
  'actions/say/post.mjs':
    "console.log('post', process.env.INPUT_WORD, process.env.STATE_since, process.env.STATE_did);",
};

const COMPOSITE = {
  'actions/all/action.yml': `
name: All
description: Runs steps of its own.
inputs: { word: { description: A word., default: none } }
outputs: { result: { description: The result., value: 'it was \${{ steps.inner.outputs.said }}' } }
runs:
  using: composite
  steps:
    - { id: inner, uses: $/actions/say, with: { word: '\${{ inputs.word }}' } }
    - { if: failure(), run: echo inside it failed, shell: bash }
    - { run: 'echo "$OUTER $(basename "$GITHUB_ACTION_PATH")"; echo "SET=inside" >> "$GITHUB_ENV"', shell: bash }
`,
};

const inAction = (files: Readonly<Record<string, string>>) => testFolder({ ...NODE_ACTION, ...files });

describe('a JavaScript action', () => {
  test('runs before, in place and after, with inputs, defaults and its own state', async () => {
    using fairlead = inAction({});
    const run = await runSteps(
      `
- run: echo first
- id: say
  uses: fairlead/fairlead/actions/say@v1
  with: { two words: more }
- uses: fairlead/fairlead/actions/say@v1
  with: { word: other, unti: x }
- run: echo "\${{ steps.say.outputs.said }}"
`,
      { mappings: { 'Fairlead/fairlead': fairlead.folder } },
    );

    expect(printed(run)).toEqual([
      'pre default on refs/heads/main',
      "##[warning]Unexpected input(s) 'unti', valid inputs are ['word', 'Two Words']",
      'pre other',
      'first',
      'main default on refs/heads/main more pre fairlead/fairlead',
      "##[warning]Unexpected input(s) 'unti', valid inputs are ['word', 'Two Words']",
      'main other  pre fairlead/fairlead',
      'default on refs/heads/main',
      "##[warning]Unexpected input(s) 'unti', valid inputs are ['word', 'Two Words']",
      'post other pre main',
      'post default on refs/heads/main pre main',
    ]);
    expect(run.jobs[0]?.steps.map(({ name }) => name)).toEqual([
      'Pre Run fairlead/fairlead/actions/say@v1',
      'Pre Run fairlead/fairlead/actions/say@v1',
      'Run echo first',
      'Run fairlead/fairlead/actions/say@v1',
      'Run fairlead/fairlead/actions/say@v1',
      'Run echo "default on refs/heads/main"',
      'Post Run fairlead/fairlead/actions/say@v1',
      'Post Run fairlead/fairlead/actions/say@v1',
    ]);
  });

  test('that fails still cleans up, with its exit code in the annotations', async () => {
    using fairlead = inAction({});
    const run = await runSteps('- uses: f/f/actions/say@v1\n  with: { word: bad }\n- run: echo never', {
      mappings: { 'f/f': fairlead.folder },
    });

    expect(printed(run).at(-1)).toBe('post bad pre main');
    expect(run.annotations.map(({ message }) => message)).toEqual(['Process completed with exit code 1.']);
    expect(run.jobs[0]?.steps.map(({ conclusion }) => conclusion)).toEqual([
      'success',
      'failure',
      'skipped',
      'success',
    ]);
  });

  test('of the workspace is found after the checkout', async () => {
    const run = await runSteps('- uses: actions/checkout@v5\n- uses: ./actions/say\n  with: { word: here }', {
      files: NODE_ACTION,
    });

    expect(printed(run)).toContain('main here  undefined undefined');
    expect(printed(run).at(-1)).toBe('post here undefined main');
  });

  test('of the workspace without a checkout says what is missing', async () => {
    const run = await runSteps('- uses: ./actions/say', { files: NODE_ACTION });

    expect(run.annotations[0]?.message).toMatch(
      /^no action.yml or action.yaml for ".\/actions\/say" in .*; was actions\/checkout run before\?$/,
    );
  });

  test.each([
    [
      'is not mapped',
      'google-github-actions/auth@v3',
      '"google-github-actions/auth" is not on this machine: map it',
    ],
    ['was not built', 'f/f/actions/unbuilt@v1', 'runs nothing.js, which is not at'],
    [
      'needs a container',
      'docker://node:24',
      '"docker://node:24" needs a container, which is not supported here',
    ],
    [
      'is a container action',
      'f/f/actions/docker@v1',
      '"f/f/actions/docker@v1" runs with "docker", which is not supported here',
    ],
    ['is malformed', 'f/f/actions/malformed@v1', 'Required property is missing: runs'],
  ])('that %s fails the job and says so', async (_claim, uses, message) => {
    using fairlead = testFolder({
      'actions/unbuilt/action.yml': 'name: a\ndescription: b\nruns: { using: node24, main: nothing.js }',
      'actions/docker/action.yml': 'name: a\ndescription: b\nruns: { using: docker, image: Dockerfile }',
      'actions/malformed/action.yml': 'name: a\ndescription: b\n',
    });
    const run = await runSteps(`- uses: ${uses}`, { mappings: { 'f/f': fairlead.folder } });

    expect(run.annotations[0]?.message).toContain(message);
    expect(run.conclusion).toBe('failure');
  });

  test('that is not mapped hurts nobody while its step is skipped', async () => {
    const run = await runSteps(
      "- { if: vars.POOL != '', uses: google-github-actions/auth@v3 }\n- run: echo on",
    );

    expect(printed(run)).toEqual(['on']);
    expect(run.conclusion).toBe('success');
  });

  test('gets the addresses of the run, a script does not', async () => {
    using fairlead = testFolder({
      'action.yml': 'name: a\ndescription: b\nruns: { using: node24, main: a.mjs }',
      'a.mjs':
        'console.log(process.env.ACTIONS_RESULTS_URL, process.env.ACTIONS_RUNTIME_TOKEN, process.env.GITHUB_API_URL);',
    });
    const run = await runSteps(
      '- uses: f/f@v1\n- run: echo "${ACTIONS_RUNTIME_TOKEN:-none} $GITHUB_API_URL $EXTRA"',
      {
        mappings: { 'f/f': fairlead.folder },
        env: { EXTRA: 'extra' },
        github: {
          apiUrl: 'http://127.0.0.1:1',
          resultsUrl: 'http://127.0.0.1:2/',
          runtimeToken: ({ id }) => `for ${id}`,
        },
      },
    );

    expect(printed(run)).toEqual([
      'http://127.0.0.1:2/ *** http://127.0.0.1:1',
      'none http://127.0.0.1:1 extra',
    ]);
  });
});

describe('a composite action', () => {
  test('runs its steps with its own inputs and gives outputs', async () => {
    using fairlead = inAction(COMPOSITE);
    const run = await runSteps(
      `
- id: all
  uses: f/f/actions/all@v1
  with: { word: hello }
  env: { OUTER: outer }
- run: echo "\${{ steps.all.outputs.result }} $SET"
`,
      { mappings: { 'f/f': fairlead.folder } },
    );

    expect(printed(run)).toEqual([
      'pre hello',
      'main hello  pre f/f',
      'outer all',
      'it was hello inside',
      'post hello pre main',
    ]);
  });

  test('fails when a step inside fails, and its later steps see that', async () => {
    using fairlead = inAction(COMPOSITE);
    const run = await runSteps('- uses: f/f/actions/all@v1\n  with: { word: bad }\n- run: echo never', {
      mappings: { 'f/f': fairlead.folder },
    });

    expect(printed(run)).toEqual([
      'pre bad',
      'main bad  pre f/f',
      '##[error]Process completed with exit code 1.',
      'inside it failed',
      'post bad pre main',
    ]);
    expect(run.jobs[0]?.steps.map(({ conclusion }) => conclusion)).toEqual(['failure', 'skipped', 'success']);
  });
});

describe('a checkout', () => {
  test('brings the commit that runs, not what came later or is not committed', async () => {
    const { testRepository } = await import('./testing.ts');
    const { runWorkflow } = await import('./index.ts');
    using repository = testRepository({
      'word.txt': 'old',
      '.github/workflows/main.yml':
        'on: push\njobs: { job: { runs-on: x, steps: [{ uses: actions/checkout@v5 }, { run: "cat word.txt; git rev-list --count HEAD; git branch --show-current" }] } }',
    });
    const sha = repository.commit({ 'word.txt': 'wanted\n' });
    repository.commit({ 'word.txt': 'new', '.github/workflows/main.yml': 'broken' });
    const run = await runWorkflow({
      repository: repository.folder,
      workflow: '.github/workflows/main.yml',
      event: { name: 'push' },
      sha,
    });

    expect(printed(run).slice(1)).toEqual(['wanted', '1', 'main']);
  });

  test.each([
    ['all history', 'with: { fetch-depth: 0 }', 'git rev-list --count HEAD', ['1']],
    ['another folder', 'with: { path: sub }', 'ls', ['sub']],
    ['a branch', 'with: { ref: main }', 'git branch --show-current', ['main']],
  ])('brings %s', async (...[, input, script, lines]) => {
    const run = await runSteps(`- uses: actions/checkout@v5\n  ${input}\n- run: ${script}`);

    expect(printed(run).slice(1)).toEqual(lines);
  });

  test.each([
    [
      'a ref that is not there',
      'ref: nowhere',
      '"nowhere" is neither a branch nor a tag nor a whole commit of acme/mindmirror',
    ],
    [
      'a repository that is not here',
      'repository: acme/other',
      '"acme/other" is not on this machine; map it to a folder with the option "mappings"',
    ],
    ['a folder outside', 'path: ../..', 'input "path" must stay within the workspace, got "../.."'],
  ])('refuses %s', async (_claim, input, message) => {
    const run = await runSteps(`- uses: actions/checkout@v5\n  with: { ${input} }`);

    expect(run.annotations[0]?.message).toBe(message);
  });
});
