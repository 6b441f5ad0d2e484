import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { type ExecutionFacts, judgeExecution } from './index.ts';

const pending: ExecutionFacts = {
  name: 'migrate-journal-mabc',
  taskCount: 1,
  runningCount: 0,
  succeededCount: 0,
  failedCount: 0,
  cancelledCount: 0,
  retriedCount: 0,
  attempts: [],
};

describe('the verdict on an execution', () => {
  test('all tasks done under a succeeded condition is success', () => {
    const facts: ExecutionFacts = {
      ...pending,
      succeededCount: 1,
      completed: { state: 'succeeded' },
      attempts: [{ exitCode: 0 }],
    };

    expect(judgeExecution(facts)).toEqual({ kind: 'succeeded' });
  });

  test('a condition of type Completed whose state is failed is a failure (MG-06, X-02)', () => {
    const facts: ExecutionFacts = {
      ...pending,
      failedCount: 1,
      completed: {
        state: 'failed',
        reason: 'NON_ZERO_EXIT_CODE',
        message: 'the container exited with an error',
      },
      attempts: [{ exitCode: 3 }],
    };

    expect(judgeExecution(facts)).toEqual({
      kind: 'failed',
      because: 'exit code 3: the container exited with an error',
    });
  });

  test.each([
    ['a failed condition', { state: 'failed', reason: 'CANCELLED' }],
    ['a condition that says succeeded', { state: 'succeeded' }],
  ] as const)('a cancelled execution is not success, even under %s', (_, completed) => {
    expect(judgeExecution({ ...pending, cancelledCount: 1, completed })).toEqual({
      kind: 'cancelled',
      because: 'it was cancelled',
    });
  });

  test('one that is being cancelled is still running', () => {
    const facts: ExecutionFacts = { ...pending, runningCount: 1, cancelledCount: 1 };

    expect(judgeExecution(facts)).toEqual({ kind: 'running' });
  });

  test('a succeeded condition with too few succeeded tasks is unknown', () => {
    expect(
      judgeExecution({ ...pending, taskCount: 2, succeededCount: 1, completed: { state: 'succeeded' } }),
    ).toEqual({
      kind: 'unknown',
      because: 'it says that it completed, but 1 of 2 tasks succeeded',
    });
  });

  test('a succeeded condition over a killed task is a failure', () => {
    const facts: ExecutionFacts = {
      ...pending,
      succeededCount: 1,
      completed: { state: 'succeeded' },
      attempts: [{ signal: 9 }],
    };

    expect(judgeExecution(facts)).toEqual({ kind: 'failed', because: 'killed by signal 9' });
  });

  test('without a condition it is running', () => {
    expect(judgeExecution({ ...pending, runningCount: 1 })).toEqual({ kind: 'running' });
  });
});

test('success needs a succeeded condition and every task, whatever the facts', () => {
  const counts = fc.integer({ min: 0, max: 3 });
  const facts: fc.Arbitrary<ExecutionFacts> = fc
    .record({
      taskCount: counts,
      runningCount: counts,
      succeededCount: counts,
      failedCount: counts,
      cancelledCount: counts,
      state: fc.constantFrom('pending', 'reconciling', 'failed', 'succeeded', 'unknown'),
      exitCode: counts,
    })
    .map(({ state, exitCode, ...rest }) => ({
      ...pending,
      ...rest,
      completed: { state },
      attempts: [{ exitCode }],
    }));

  fc.assert(
    fc.property(facts, (seen) => {
      const isClean =
        seen.completed?.state === 'succeeded' &&
        seen.taskCount > 0 &&
        seen.succeededCount === seen.taskCount &&
        seen.failedCount + seen.cancelledCount + seen.runningCount === 0 &&
        seen.attempts[0]?.exitCode === 0;
      return (judgeExecution(seen).kind === 'succeeded') === isClean;
    }),
  );
});
