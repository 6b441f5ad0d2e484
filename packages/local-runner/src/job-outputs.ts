import { reasonOf } from './failure.ts';
import { stepScope } from './job-contexts.ts';
import type { Job } from './job.ts';
import { createReporter } from './reporter.ts';
import { fillTexts } from './template.ts';
import type { StepsWork } from './workflow-file.ts';

/** GitHub's limit for all outputs of a job, as UTF-16. */
const LARGEST_OUTPUTS = 1024 * 1024;

/** The outputs of a job; one that may show a secret is left out with a warning. */
export function outputsOfJob(job: Job, work: StepsWork): Readonly<Record<string, string>> {
  const reporter = createReporter(job.run, job.id, 'Complete job');
  try {
    const scope = stepScope(job, job.frame, { env: job.env });
    const all = Object.entries(fillTexts(work.outputs, scope)).filter(([, value]) => value !== '');
    const [kept, secret] = [
      all.filter(([, value]) => !job.run.masks.hidesIn(value)),
      all.filter(([, value]) => job.run.masks.hidesIn(value)),
    ];
    for (const [name] of secret) reporter.warning(`Skip output '${name}' since it may contain secret.`);
    const bytes = kept.reduce((sum, [, value]) => sum + 2 * value.length, 0);
    if (bytes > LARGEST_OUTPUTS)
      throw new Error(`the job's outputs have ${bytes} bytes, the limit is ${LARGEST_OUTPUTS}`);
    return Object.fromEntries(kept);
  } catch (thrown) {
    reporter.error(reasonOf(thrown));
    job.frame.state.status = 'failure';
    return {};
  }
}
