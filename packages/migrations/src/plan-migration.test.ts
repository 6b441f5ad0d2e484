import { expect, test } from '@jest/globals';

import { type ExecutionVerdict, type MigrationPlan, planMigration } from './index.ts';

const failed: ExecutionVerdict = { kind: 'failed', because: 'exit code 1' };
const cancelled: ExecutionVerdict = { kind: 'cancelled', because: 'it was cancelled' };

interface Case {
  readonly name: string;
  readonly history: readonly ExecutionVerdict[];
  readonly rerunFailed: boolean;
  readonly plan: MigrationPlan;
}

test.each<Case>([
  { name: 'a new migration starts', history: [], rerunFailed: false, plan: { kind: 'start', attempt: 1 } },
  {
    name: 'one that ran to its end is not run again (MG-09)',
    history: [{ kind: 'succeeded' }],
    rerunFailed: true,
    plan: { kind: 'noop', attempt: 1 },
  },
  {
    name: 'one under way is waited for',
    history: [failed, { kind: 'running' }],
    rerunFailed: true,
    plan: { kind: 'attach', attempt: 2 },
  },
  {
    name: 'a failed one is not blindly run again',
    history: [failed],
    rerunFailed: false,
    plan: {
      kind: 'refuse',
      attempt: 1,
      because:
        'attempt 1 of this very migration ended as failed (exit code 1) and may have been applied in part',
    },
  },
  {
    name: 'a failed one runs again on a word',
    history: [failed],
    rerunFailed: true,
    plan: { kind: 'start', attempt: 2 },
  },
  {
    name: 'a cancelled one counts as a failed one',
    history: [failed, cancelled],
    rerunFailed: false,
    plan: {
      kind: 'refuse',
      attempt: 2,
      because:
        'attempt 2 of this very migration ended as cancelled (it was cancelled) and may have been applied in part',
    },
  },
  {
    name: 'nothing starts on top of an unknown end, not even on a word',
    history: [{ kind: 'unknown', because: '1 of 2 tasks succeeded' }],
    rerunFailed: true,
    plan: {
      kind: 'refuse',
      attempt: 1,
      because: 'how attempt 1 ended is not known: 1 of 2 tasks succeeded',
    },
  },
])('$name', ({ history, rerunFailed, plan }) => {
  expect(planMigration(history, { rerunFailed })).toEqual(plan);
});
