import type { ExecutionFacts, ExecutionVerdict } from './execution.ts';

/**
 * The verdict by state and counts, never by the presence of a condition. Cancelled has precedence over failed, and
 * both over succeeded: a cancelled execution ends without an error and may have applied half of its work.
 */
export function judgeExecution(facts: ExecutionFacts): ExecutionVerdict {
  if (facts.cancelledCount > 0 || facts.completed?.reason === 'CANCELLED')
    return isOver(facts) ? { kind: 'cancelled', because: 'it was cancelled' } : { kind: 'running' };
  if (facts.completed?.state === 'failed') return { kind: 'failed', because: causeOf(facts) };
  if (facts.completed?.state === 'succeeded') return succeededOrContradicted(facts);
  return unfinished(facts);
}

function isOver({ completed, runningCount }: ExecutionFacts): boolean {
  return runningCount === 0 && (completed?.state === 'failed' || completed?.state === 'succeeded');
}

function succeededOrContradicted(facts: ExecutionFacts): ExecutionVerdict {
  const { taskCount, succeededCount, failedCount, runningCount } = facts;
  if (failedCount > 0) return { kind: 'failed', because: causeOf(facts) };
  if (runningCount > 0) return { kind: 'running' };
  const failing = facts.attempts.find(({ exitCode, signal }) => (exitCode ?? 0) !== 0 || (signal ?? 0) !== 0);
  if (failing !== undefined) return { kind: 'failed', because: causeOf(facts) };
  if (taskCount > 0 && succeededCount === taskCount) return { kind: 'succeeded' };
  return {
    kind: 'unknown',
    because: `it says that it completed, but ${succeededCount} of ${taskCount} tasks succeeded`,
  };
}

function unfinished({ completed, failedCount, taskCount, runningCount }: ExecutionFacts): ExecutionVerdict {
  if (completed?.state === 'unknown')
    return { kind: 'unknown', because: 'the state of its condition "Completed" is not known' };
  if (failedCount > 0 && runningCount === 0 && failedCount === taskCount)
    return { kind: 'failed', because: `${failedCount} of ${taskCount} tasks failed` };
  return { kind: 'running' };
}

function causeOf({ attempts, completed, failedCount, taskCount }: ExecutionFacts): string {
  const attempt = attempts.find(({ exitCode, signal }) => (exitCode ?? 0) !== 0 || (signal ?? 0) !== 0);
  const exit =
    attempt === undefined
      ? undefined
      : (attempt.signal ?? 0) !== 0
        ? `killed by signal ${attempt.signal ?? 0}`
        : `exit code ${attempt.exitCode ?? 0}`;
  const said = completed?.message ?? attempt?.message;
  const parts = [exit, said, completed?.reason].filter((part) => part !== undefined && part !== '');
  return parts[0] === undefined
    ? `${failedCount} of ${taskCount} tasks failed`
    : parts.slice(0, 2).join(': ');
}
