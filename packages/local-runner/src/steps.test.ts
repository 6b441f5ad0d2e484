import { describe, expect, test } from '@jest/globals';

import { printed, runSteps, runText } from './testing.ts';

describe('a script', () => {
  test.each([
    ['stops at the first command that fails', '- run: |\n    echo one\n    false\n    echo two', ['one']],
    ['does not see a failing pipe without a shell', '- run: false | true; echo on', ['on']],
    ['stops at a failing pipe with bash', '- { run: false | true; echo on, shell: bash }', []],
    ['runs with sh', '- { run: echo $0 | grep -c sh, shell: sh }', ['1']],
    ['runs with node', '- { run: "console.log(1 + 1)", shell: node }', ['2']],
    ['runs with a command of its own', "- { run: b a, shell: 'sort {0}' }", ['b a']],
    ['runs in a folder', '- { run: pwd | xargs basename, working-directory: .. }', ['mindmirror']],
  ])('%s', async (_claim, steps, lines) => {
    const run = await runSteps(steps);

    expect(printed(run).filter((line) => !line.startsWith('##['))).toEqual(lines);
  });

  test('in a folder that is not there says so', async () => {
    const run = await runSteps('- { run: pwd, working-directory: no/where }');

    expect(run.annotations[0]?.message).toMatch(
      /^the working directory .*mindmirror\/no\/where does not exist$/,
    );
  });

  test('has the env of workflow, job and step, the nearest first, and the defaults of the nearest', async () => {
    const run = await runText(`
on: push
env: { A: workflow, B: workflow, C: workflow }
defaults: { run: { shell: sh, working-directory: .. } }
jobs:
  job:
    runs-on: x
    env: { B: job, C: job }
    defaults: { run: { shell: bash } }
    steps:
      - run: echo "$A $B $C $(shopt -o pipefail | cut -f2) \${{ env.C }}"
        env: { C: step }
`);

    expect(printed(run)).toEqual(['workflow job step on step']);
  });
});

describe('the files of a step', () => {
  test.each([
    ['a value', 'a=b=c', { a: 'b=c' }],
    ['an empty value', 'a=', { a: '' }],
    ['lines', 'a<<EOF\\none\\n\\ntwo=2\\nEOF', { a: 'one\n\ntwo=2' }],
    ['no line', 'a<<EOF\\nEOF', { a: '' }],
    ['the last of two', 'a=1\\na=2', { a: '2' }],
    ['a delimiter with an equals sign before it', 'a=<<EOF', { a: '<<EOF' }],
  ])('give %s', async (_claim, text, outputs) => {
    const run = await runSteps(`- run: printf '${text}\\n' >> "$GITHUB_OUTPUT"`);

    expect(run.jobs[0]?.steps[0]?.outputs).toEqual(outputs);
  });

  test.each([
    ['a line without a value', 'hello', "Invalid format 'hello'"],
    ['a delimiter that does not come', 'a<<EOF\\nb\\n', "Invalid value. Matching delimiter not found 'EOF'"],
    ['an end without a new line', 'a<<EOF\\nb', 'Invalid value. EOF marker missing new line.'],
    [
      'no name',
      '<<EOF\\nb\\nEOF\\n',
      "Invalid format '<<EOF'. Name must not be empty and delimiter must not be empty",
    ],
  ])('fail the step for %s', async (_claim, text, message) => {
    const run = await runSteps(`- run: printf '${text}' >> "$GITHUB_OUTPUT"`);

    expect(run.annotations.map((each) => each.message)).toEqual([
      "Unable to process file command 'output' successfully.",
      message,
    ]);
    expect(run.conclusion).toBe('failure');
  });

  test('change the environment and the path of later steps', async () => {
    const run = await runSteps(`
- run: |
    mkdir -p bin; printf '#!/bin/sh\\necho mine' > bin/tool; chmod +x bin/tool
    echo "$PWD/bin" >> "$GITHUB_PATH"
    echo "A=1" >> "$GITHUB_ENV"; echo "NODE_OPTIONS=--evil" >> "$GITHUB_ENV"
    echo "here \${A:-unset}"
- run: echo "$A \${NODE_OPTIONS:-no} \${{ env.A }} $(tool)"
`);

    expect(printed(run)).toEqual([
      'here unset',
      "##[error]Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
      '1 no 1 mine',
    ]);
  });

  test('keep a summary up to a megabyte, secrets hidden', async () => {
    const run = await runSteps(
      `
- run: echo "the key is hunter2" >> "$GITHUB_STEP_SUMMARY"
- run: head -c 1048577 /dev/zero | tr '\\0' a >> "$GITHUB_STEP_SUMMARY"
`,
      { secrets: { KEY: 'hunter2' } },
    );

    expect(run.summaries.map(({ text }) => text)).toEqual(['the key is ***\n']);
    expect(run.annotations.map(({ message }) => message)).toEqual([
      '$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got 1025k',
    ]);
  });
});

describe('a condition of a step', () => {
  test.each([
    ['nothing', '', 'skipped'],
    ['always()', 'if: always(), ', 'success'],
    ['failure()', 'if: failure(), ', 'success'],
    ['the outcome of another', 'if: "!cancelled() && steps.bad.outcome == \'failure\'", ', 'success'],
    ['a truth without a status', 'if: true, ', 'skipped'],
  ])('after a failure: %s', async (_claim, condition, expected) => {
    const run = await runSteps(`- { id: bad, run: exit 1 }\n- { ${condition}run: 'true' }`);

    expect(run.jobs[0]?.steps[1]?.conclusion).toBe(expected);
  });

  test('that cannot be evaluated fails the step', async () => {
    const run = await runSteps("- { if: 'fromJSON(github.ref) == 1', run: 'true' }");

    expect(run.conclusion).toBe('failure');
  });
});

test('a step with continue-on-error fails in outcome alone', async () => {
  const run = await runSteps(
    '- { id: bad, continue-on-error: true, run: exit 1 }\n- run: echo ${{ steps.bad.outcome }} ${{ steps.bad.conclusion }}',
  );

  expect(run.jobs[0]?.steps.map(({ outcome, conclusion }) => [outcome, conclusion])).toEqual([
    ['failure', 'success'],
    ['success', 'success'],
  ]);
  expect(printed(run).at(-1)).toBe('failure success');
});

describe('workflow commands', () => {
  test('annotate with place, unescaped', async () => {
    const where = { job: 'job', step: 'say' };
    const run = await runSteps(`- name: say
  run: |
    echo "::error file=fairlead.yaml,line=12,col=7,title=Bad%2C bad::100%25%0Agone"
    echo "  ::warning::spaces before"
    echo "::notice::hello"
    echo "text ::error::not at the start"
`);

    expect(run.annotations).toEqual([
      {
        ...where,
        level: 'error',
        message: '100%\ngone',
        title: 'Bad, bad',
        file: 'fairlead.yaml',
        line: 12,
        column: 7,
      },
      { ...where, level: 'warning', message: 'spaces before' },
      { ...where, level: 'notice', message: 'hello' },
    ]);
  });

  test('keep ten annotations of a kind and 4096 letters of each', async () => {
    const run = await runSteps(
      '- run: for i in $(seq 12); do echo "::error::$(head -c 5000 /dev/zero | tr "\\0" a)"; done; echo "::warning::one"',
    );

    expect(run.annotations.map(({ level, message }) => [level, message.length])).toEqual([
      ...Array.from({ length: 10 }, () => ['error', 4096]),
      ['warning', 3],
    ]);
  });

  test('are text between stop and resume', async () => {
    const run = await runSteps(`- run: |
    echo "::stop-commands::pause-1234"
    echo "::error::only text"
    echo "::pause-1234::"
    echo "::notice::again"
`);

    expect(run.annotations.map(({ message }) => message)).toEqual(['again']);
    expect(printed(run)).toContain('::error::only text');
  });

  test('that are disabled fail the step', async () => {
    const run = await runSteps('- run: echo "::set-env name=A::1"\n- run: echo "${A:-unset}"');

    expect(run.conclusion).toBe('failure');
  });
});

describe('a secret', () => {
  test('is hidden wherever it is logged, each line of it on its own', async () => {
    const run = await runSteps(
      `
- name: say \${{ secrets.KEY }}
  run: |
    echo "::error::key $KEY"
    echo "$PEM" | tail -1
    echo "::add-mask::later"
    echo "now later"
  env: { KEY: '\${{ secrets.KEY }}', PEM: '\${{ secrets.PEM }}' }
`,
      { secrets: { KEY: 'hunter2', PEM: 'BEGIN\nabcdef\nEND-LINE' } },
    );

    expect(JSON.stringify(run.events)).not.toMatch(/hunter2|abcdef|END-LINE/);
    expect(printed(run)).toEqual(['##[error]key ***', '***', 'now ***']);
    expect(run.annotations[0]?.message).toBe('key ***');
  });

  test('in an output takes the whole output away, with a warning', async () => {
    const run = await runText(
      `
on: push
jobs:
  job:
    runs-on: x
    outputs: { url: '\${{ steps.a.outputs.url }}', other: fine }
    steps: [{ id: a, run: echo url=https://mindmirror.example >> "$GITHUB_OUTPUT" }]
`,
      { secrets: { PROJECT: 'mindmirror' } },
    );

    expect(run.jobs[0]?.outputs).toEqual({ other: 'fine' });
    expect(run.annotations.map(({ message }) => message)).toEqual([
      "Skip output 'url' since it may contain secret.",
    ]);
  });
});

test('outputs of a job above a megabyte fail it', async () => {
  const run = await runText(`
on: push
jobs:
  job:
    runs-on: x
    outputs: { big: '\${{ steps.a.outputs.big }}' }
    steps: [{ id: a, run: 'echo "big=$(head -c 600000 /dev/zero | tr "\\0" a)" >> "$GITHUB_OUTPUT"' }]
`);

  expect(run.annotations.map(({ message }) => message)).toEqual([
    "the job's outputs have 1200000 bytes, the limit is 1048576",
  ]);
  expect(run.conclusion).toBe('failure');
});

test('a step knows the run: repository, ref, event, workflow, runner', async () => {
  const run = await runSteps(
    `
- run: echo "$GITHUB_REPOSITORY $GITHUB_REF_NAME $GITHUB_EVENT_NAME $GITHUB_ACTOR $GITHUB_JOB $CI $RUNNER_OS $GITHUB_WORKFLOW_REF"
- run: tr -d ' \\n' < "$GITHUB_EVENT_PATH"; echo; ls -A | wc -l
- run: echo "\${{ github.event.pull_request.title }} \${{ vars.REGION }} \${{ job.workflow_sha == github.sha }}"
`,
    {
      event: { name: 'pull_request', payload: { pull_request: { title: 'a title' }, forced: null } },
      ref: 'refs/pull/7/merge',
      actor: 'ada',
      vars: { REGION: 'europe-west1' },
    },
  );

  expect(printed(run)).toEqual([
    'acme/mindmirror 7/merge pull_request ada job true Linux acme/mindmirror/.github/workflows/main.yml@refs/pull/7/merge',
    '{"pull_request":{"title":"atitle"},"forced":null}',
    '0',
    'a title europe-west1 true',
  ]);
});

describe('an identity token', () => {
  const github = {
    oidcUrl: 'http://127.0.0.1:9/oidc',
    runtimeToken: 'runtime',
    resultsUrl: 'http://127.0.0.1:9/',
    token: 'ghs_1',
  };
  const script = 'echo "${ACTIONS_ID_TOKEN_REQUEST_URL:-none} ${ACTIONS_RUNTIME_TOKEN:-none}"';

  test.each([
    ['with id-token: write', 'permissions: { id-token: write }', 'http://127.0.0.1:9/oidc none'],
    ['without', 'permissions: {}', 'none none'],
    ['by default', 'env: {}', 'none none'],
  ])('can be asked for %s', async (_claim, permissions, expected) => {
    const run = await runText(
      `on: push\n${permissions}\njobs: { job: { runs-on: x, steps: [{ run: '${script}' }] } }`,
      { github },
    );

    expect(printed(run)).toEqual([expected]);
  });
});
