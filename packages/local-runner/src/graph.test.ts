import { describe, expect, test } from '@jest/globals';

import { conclusionsOf, printed, runText, testFolder } from './testing.ts';

const job = (more: string, script = 'true') => `{ runs-on: x, ${more} steps: [{ run: '${script}' }] }`;

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

  expect(printed(run, 'two')).toEqual(['it says hello']);
  expect(run.conclusion).toBe('success');
});

test('a job starts when what it needs has ended, not when everything earlier has', async () => {
  using shared = testFolder({});

  const run = await runText(
    `
on: push
jobs:
  slow: ${job('', 'until [ -e "$SHARED/done" ]; do sleep 0.01; done')}
  quick: ${job('')}
  after-quick: ${job('needs: quick,', 'touch "$SHARED/done"')}
env:
  SHARED: \${{ vars.SHARED }}
`,
    { vars: { SHARED: shared.folder } },
  );

  // The slow job ends only because the last one runs beside it.
  expect(run.jobs.map(({ conclusion }) => conclusion)).toEqual(['success', 'success', 'success']);
});

describe('after a failure', () => {
  test.each([
    ['a job that needs it is skipped', 'needs: bad,', 'skipped'],
    ['a job with if: always() runs', 'needs: bad, if: always(),', 'success'],
    ['a job with if: failure() runs', 'needs: bad, if: failure(),', 'success'],
    [
      'a job that asks its result runs on a status function',
      "needs: bad, if: always() && needs.bad.result == ''failure'',",
      'success',
    ],
    [
      'a job that asks its result alone is skipped',
      "needs: bad, if: needs.bad.result == ''failure'',",
      'skipped',
    ],
    ['a job after a skipped one is skipped', 'needs: middle,', 'skipped'],
    ['a job deeper down sees the failure', 'needs: middle, if: failure(),', 'success'],
    ['a job that does not need it runs', '', 'success'],
  ])('%s', async (_claim, more, expected) => {
    const run = await runText(`
on: push
jobs:
  bad: ${job('', 'exit 3')}
  middle: ${job('needs: bad,')}
  last: ${job(more.replaceAll("''", "'").replace(/if: ([^,]*),/, 'if: "$1",'))}
`);

    expect(conclusionsOf(run)).toEqual({ bad: 'failure', middle: 'skipped', last: expected });
    expect(run.conclusion).toBe('failure');
  });
});

test('a job with continue-on-error fails alone', async () => {
  const run = await runText(`
on: push
jobs:
  bad: ${job('continue-on-error: true,', 'exit 1')}
  next: ${job('needs: bad,')}
`);

  expect(conclusionsOf(run)).toEqual({ bad: 'failure', next: 'success' });
  expect(run.conclusion).toBe('success');
});

describe('a matrix', () => {
  test('comes from the output of another job', async () => {
    const run = await runText(`
on: push
jobs:
  detect:
    runs-on: x
    outputs: { units: '\${{ steps.units.outputs.units }}' }
    steps: [{ id: units, run: 'echo "units=[\\"habits\\",\\"journal\\"]" >> "$GITHUB_OUTPUT"' }]
  build:
    needs: detect
    runs-on: x
    strategy: { matrix: { unit: '\${{ fromJSON(needs.detect.outputs.units) }}' } }
    steps: [{ run: 'echo building "$UNIT"', env: { UNIT: '\${{ matrix.unit }}' } }]
`);

    expect(printed(run, 'build (habits)')).toEqual(['building habits']);
    expect(printed(run, 'build (journal)')).toEqual(['building journal']);
  });

  test.each([
    ['all combinations', '{ a: [1, 2], b: [x, y] }', ['1, x', '1, y', '2, x', '2, y']],
    [
      'without those that are excluded in part',
      '{ a: [1, 2], b: [x, y], exclude: [{ a: 1, b: y }] }',
      ['1, x', '2, x', '2, y'],
    ],
    [
      'with what is included into those that agree',
      '{ a: [1, 2], include: [{ a: 2, c: z }] }',
      ['1', '2, z'],
    ],
    ['with what is included beside them', '{ a: [1], include: [{ a: 3, c: z }] }', ['1', '3, z']],
    ['of includes alone', '{ include: [{ unit: a }, { unit: b }] }', ['a', 'b']],
    ['of values that are mappings', '{ a: [{ name: n, size: 3 }] }', ['n, 3']],
  ])('has %s', async (_claim, matrix, labels) => {
    const run = await runText(`
on: push
jobs:
  job:
    runs-on: x
    strategy: { matrix: ${matrix} }
    steps: []
`);

    expect(run.jobs.map(({ id }) => id).toSorted()).toEqual(labels.map((label) => `job (${label})`));
  });

  test('of 257 combinations is refused', async () => {
    const run = await runText(
      `
on: push
jobs:
  job:
    runs-on: x
    strategy: { matrix: { n: '\${{ fromJSON(vars.NUMBERS) }}' } }
    steps: []
`,
      { vars: { NUMBERS: JSON.stringify([...Array(257).keys()]) } },
    );

    expect(run.annotations.map(({ message }) => message)).toEqual([
      'the matrix has 257 combinations, the limit is 256',
    ]);
    expect(run.conclusion).toBe('failure');
  });

  test('of an empty list fails and says how to guard it', async () => {
    const run = await runText(
      `
on: push
jobs:
  job:
    runs-on: x
    strategy: { matrix: { n: '\${{ fromJSON(vars.NUMBERS) }}' } }
    steps: []
`,
      { vars: { NUMBERS: '[]' } },
    );

    expect(run.annotations.map(({ message }) => message)).toEqual([
      'matrix "n" has no values; guard the job with an if on the list that fills it',
    ]);
  });

  test('stops its other combinations when one fails', async () => {
    const run = await runText(`
on: push
jobs:
  job:
    runs-on: x
    strategy: { matrix: { n: [bad, slow] } }
    steps:
      - if: matrix.n == 'bad'
        run: exit 1
      - run: sleep 30
`);

    expect(conclusionsOf(run)).toEqual({ 'job (bad)': 'failure', 'job (slow)': 'cancelled' });
    expect(run.conclusion).toBe('failure');
  });

  test('goes on without fail-fast', async () => {
    const run = await runText(`
on: push
jobs:
  job:
    runs-on: x
    strategy: { fail-fast: false, max-parallel: 1, matrix: { n: [bad, good] } }
    steps: [{ if: matrix.n == 'bad', run: exit 1 }]
`);

    expect(conclusionsOf(run)).toEqual({ 'job (bad)': 'failure', 'job (good)': 'success' });
  });
});

test('a workflow that is wrong is refused with all its errors and their places', async () => {
  const running = runText(`on: push
jobs:
  one:
    runs-on: x
    needs: nobody
    stepz: []
  two:
    runs-on: x
    steps: [{ run: 'echo \${{ github.sha' }]
`);

  await expect(running).rejects.toThrow(
    /main\.yml:6:5: Unexpected value 'stepz'\n[^]*main\.yml:9:\d+: The expression is not closed/,
  );
});

test('a job with a container says that it cannot run here', async () => {
  const run = await runText(`
on: push
jobs:
  job: { runs-on: x, container: 'node:24', steps: [{ run: 'true' }] }
`);

  expect(run.annotations.map(({ message }) => message)).toEqual([
    '"container" and "services" are not supported here; start what the job needs in a step',
  ]);
});

test('no more jobs run at a time than are allowed', async () => {
  using shared = testFolder({});
  const run = await runText(
    `
on: push
jobs:
  job:
    runs-on: x
    strategy: { matrix: { n: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] } }
    steps: [{ run: 'mkdir "$SHARED/lock" && rmdir "$SHARED/lock"' }]
`,
    { parallel: 1, env: { SHARED: shared.folder } },
  );

  expect(run.conclusion).toBe('success');
});

test('the environment of a job and its address are in the event log', async () => {
  const run = await runText(
    `
on: push
jobs:
  job:
    runs-on: x
    environment: { name: '\${{ vars.ENVIRONMENT }}', url: 'https://\${{ steps.host.outputs.host }}' }
    steps: [{ id: host, run: echo host=habits.example >> "$GITHUB_OUTPUT" }]
`,
    { vars: { ENVIRONMENT: 'production' } },
  );
  const facts = run.events.flatMap((event) => {
    if (event.kind === 'job-started') return event.environment ?? [];
    return event.kind === 'job-ended' ? (event.environmentUrl ?? []) : [];
  });

  expect(facts).toEqual(['production', 'https://habits.example']);
});
