import type { Conclusion } from './journal.ts';
import type { Ended, Run } from './run.ts';

/** One result of many: a failure first, then a cancellation; skipped when all were. */
export function resultOf(results: readonly Conclusion[]): Conclusion {
  if (results.includes('failure')) return 'failure';
  if (results.includes('cancelled')) return 'cancelled';
  return results.length > 0 && results.every((result) => result === 'skipped') ? 'skipped' : 'success';
}

/** Writes down a job that ended without having run a step. */
export function endWithoutSteps(
  run: Run,
  job: { readonly id: string; readonly name: string },
  conclusion: Conclusion,
): Ended {
  const { id, name } = job;
  run.jobs.push({ id, name, conclusion, outputs: {}, seconds: 0, steps: [] });
  run.journal.note({ kind: 'job-ended', job: id, conclusion, seconds: 0 });
  return { result: conclusion, outputs: {} };
}

/** Writes down a job that could not start, with the reason. */
export function failWithoutSteps(
  run: Run,
  job: { readonly id: string; readonly name: string },
  message: string,
): Ended {
  const annotation = {
    job: job.id,
    step: 'Set up job',
    level: 'error',
    message: run.masks.hide(message),
  } as const;
  run.annotations.push(annotation);
  run.journal.note({ kind: 'annotation', ...annotation });
  return endWithoutSteps(run, job, 'failure');
}
