import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { createConcurrencyRegistry, type RunEvent } from './index.ts';
import { conclusionsOf, printed, runSteps, runText, testFolder } from './testing.ts';

/** Aborts when the log says a word. */
function stopAt(word: string) {
  const stop = new AbortController();
  const onEvent = (event: RunEvent) => {
    if (event.kind === 'log' && event.line === word) stop.abort();
  };
  return { signal: stop.signal, onEvent };
}

describe('a cancelled step', () => {
  test('is interrupted first and may end by itself', async () => {
    const run = await runSteps(
      `
- shell: node
  run: |
    process.on('SIGINT', () => { console.log('interrupted'); process.exit(0); });
    setInterval(() => {}, 1000);
    console.log('ready');
- if: cancelled()
  run: echo cancelled
- run: echo never
`,
      { ...stopAt('ready'), times: { interruptMs: 10_000, terminateMs: 10_000 } },
    );

    expect(printed(run)).toEqual([
      'ready',
      'interrupted',
      '##[error]The operation was canceled.',
      'cancelled',
    ]);
    expect(run.jobs[0]?.steps.map(({ conclusion }) => conclusion)).toEqual([
      'cancelled',
      'success',
      'skipped',
    ]);
    expect(run.conclusion).toBe('cancelled');
  });

  test('is terminated, then killed with all that it started', async () => {
    using shared = testFolder({});
    const run = await runSteps(
      `
- shell: node
  env: { SHARED: '\${{ vars.SHARED }}' }
  run: |
    import { spawn } from 'node:child_process';
    process.on('SIGINT', () => console.log('int'));
    process.on('SIGTERM', () => console.log('term'));
    const child = spawn('sh', ['-c', 'trap "" INT TERM; sleep 1; touch "$SHARED/alive"']);
    child.on('spawn', () => console.log('ready'));
    setInterval(() => {}, 1000);
`,
      { ...stopAt('ready'), vars: { SHARED: shared.folder } },
    );

    expect(printed(run)).toEqual(['ready', 'int', 'term', '##[error]The operation was canceled.']);
    expect(existsSync(join(shared.folder, 'alive'))).toBe(false);
  });

  test('that asks for always() goes on until the grace is used up', async () => {
    const run = await runSteps(
      `
- if: always()
  run: 'echo ready; sleep 30'
- if: always()
  run: echo never
`,
      { ...stopAt('ready'), times: { interruptMs: 20, terminateMs: 20, graceMs: 100 } },
    );

    expect(run.jobs[0]?.steps.map(({ conclusion }) => conclusion)).toEqual(['cancelled', 'skipped']);
  });
});

test('a cancelled run goes on with the jobs that ask for it', async () => {
  const run = await runText(
    `
on: push
jobs:
  slow: { runs-on: x, steps: [{ run: 'echo ready; sleep 30' }] }
  next: { runs-on: x, needs: slow, steps: [{ run: 'true' }] }
  clean: { runs-on: x, needs: slow, if: always(), steps: [{ run: 'true' }] }
`,
    stopAt('ready'),
  );

  expect(conclusionsOf(run)).toEqual({ slow: 'cancelled', next: 'cancelled', clean: 'success' });
});

test('a step that takes too long fails', async () => {
  const run = await runSteps(
    '- { name: slow, run: sleep 30, timeout-minutes: 1 }\n- { if: failure(), run: echo after }',
    {
      times: { interruptMs: 20, terminateMs: 20, minuteMs: 100 },
    },
  );

  expect(run.annotations.map(({ message }) => message)).toEqual([
    "The action 'slow' has timed out after 1 minutes.",
  ]);
  expect(run.jobs[0]?.steps.map(({ conclusion }) => conclusion)).toEqual(['failure', 'success']);
});

test('a job that takes too long is cancelled', async () => {
  const run = await runText(
    'on: push\njobs: { job: { runs-on: x, timeout-minutes: 1, steps: [{ run: sleep 30 }] } }',
    {
      times: { interruptMs: 20, terminateMs: 20, minuteMs: 100 },
    },
  );

  expect(run.annotations[0]?.message).toBe('The job has exceeded the maximum execution time of 1 minutes.');
  expect(run.conclusion).toBe('cancelled');
});

test('a process that a step leaves behind serves later steps and ends with the job', async () => {
  using shared = testFolder({});
  const run = await runSteps(
    `
- run: |
    (sleep 1; touch "$SHARED/alive") > /dev/null 2>&1 &
    echo "PID=$!" >> "$GITHUB_ENV"
- run: kill -0 "$PID" && echo still here
`,
    { env: { SHARED: shared.folder } },
  );

  expect(printed(run)).toEqual(['still here']);
  expect(existsSync(join(shared.folder, 'alive'))).toBe(false);
});

describe('runs of one concurrency group', () => {
  const text = (more: string) => `
on: push
concurrency: { group: deploy, ${more} }
jobs: { job: { runs-on: x, steps: [{ run: 'echo "$GITHUB_RUN_ID" >> "$SHARED/log"; until [ -e "$SHARED/go" ]; do sleep 0.01; done' }] } }
`;

  test.each([
    ['the newest that waits replaces the others', 'queue: single', ['success', 'cancelled', 'success']],
    ['all wait in a queue', 'queue: max', ['success', 'success', 'success']],
    [
      'the newest cancels the one that runs',
      'cancel-in-progress: true',
      ['cancelled', 'cancelled', 'success'],
    ],
  ])('%s', async (_claim, more, expected) => {
    using shared = testFolder({});
    const concurrency = createConcurrencyRegistry();
    const waits: Promise<void>[] = [];
    const start = (runId: number) => {
      const waiting = Promise.withResolvers<undefined>();
      waits.push(waiting.promise);
      return runText(text(more), {
        concurrency,
        runId,
        env: { SHARED: shared.folder },
        onEvent: (event) => {
          const isLast = runId === 3 && event.kind === 'job-waiting';
          if (isLast)
            void import('node:fs').then(({ writeFileSync }) => {
              writeFileSync(join(shared.folder, 'go'), '');
            });
          if (event.kind === (runId === 1 ? 'step-started' : 'job-waiting')) waiting.resolve(undefined);
        },
      });
    };
    const first = start(1);
    await waits[0];
    const second = start(2);
    await waits[1];
    const third = start(3);
    const runs = await Promise.all([first, second, third]);

    expect(runs.map(({ conclusion }) => conclusion)).toEqual(expected);
  });

  test('jobs wait as well', async () => {
    using shared = testFolder({});
    const run = await runText(
      `
on: push
jobs:
  job:
    runs-on: x
    strategy: { matrix: { n: [1, 2, 3] } }
    concurrency: { group: one, queue: max }
    steps: [{ run: 'mkdir "$SHARED/lock" && sleep 0.02 && rmdir "$SHARED/lock"' }]
`,
      { env: { SHARED: shared.folder } },
    );

    expect(run.conclusion).toBe('success');
  });

  test('a called workflow that waits for its caller is refused', async () => {
    const called = 'on: workflow_call\nconcurrency: deploy\njobs: { inner: { runs-on: x, steps: [] } }';
    const run = await runText(
      'on: push\nconcurrency: deploy\njobs: { call: { uses: ./.github/workflows/called.yml } }',
      {
        files: { '.github/workflows/called.yml': called },
      },
    );

    expect(run.annotations[0]?.message).toBe(
      '"call" waits for the concurrency group "deploy", which its own caller holds; name the groups differently',
    );
  });
});
