import { holds, textOf } from './expressions.ts';
import { reasonOf } from './failure.ts';
import { stepScope } from './job-contexts.ts';
import type { Act, Job, Reporter, Stage } from './job.ts';
import type { Conclusion } from './journal.ts';
import { createReporter } from './reporter.ts';
import type { StepResult } from './run.ts';
import { createStepFiles } from './step-files.ts';
import { fill, fillTexts } from './template.ts';

/** Runs a step of the job if its condition holds, and tells the job how it went. */
export async function runJobStage(job: Job, stage: Stage): Promise<void> {
  const title = job.run.masks.hide(titleOf(job, stage));
  const startMs = Date.now();
  job.run.journal.note({ kind: 'step-started', job: job.id, step: title });
  const result = await runStage(job, stage, createReporter(job.run, job.id, title));
  const seconds = (Date.now() - startMs) / 1000;
  job.steps.push({ name: title, seconds, ...result });
  job.run.journal.note({
    kind: 'step-ended',
    job: job.id,
    step: title,
    conclusion: result.conclusion,
    seconds,
  });
}

/** Runs a step wherever it stands. Its failure becomes the failure of its frame. */
export async function runStage(
  job: Job,
  stage: Stage,
  step: Reporter,
): Promise<Pick<StepResult, 'outcome' | 'conclusion' | 'outputs'>> {
  const outputs: Record<string, string> = {};
  const outcome = await attempt(job, stage, { step, outputs });
  const isForgiven = outcome === 'failure' && forgives(job, stage);
  const conclusion = isForgiven ? 'success' : outcome;
  if (stage.id !== undefined) stage.frame.steps[stage.id] = { outcome, conclusion, outputs };
  if (conclusion === 'failure' && stage.frame.state.status === 'success')
    stage.frame.state.status = 'failure';
  return { outcome, conclusion, outputs };
}

interface Reports {
  readonly step: Reporter;
  readonly outputs: Record<string, string>;
}

async function attempt(job: Job, stage: Stage, { step, outputs }: Reports): Promise<Conclusion> {
  try {
    if (job.hardStop.aborted) return 'skipped';
    const files = createStepFiles(job.temp);
    const base = { ...job.env, ...stage.frame.env };
    const github = { ...files, action: stage.id ?? '__run' };
    const own = fillTexts(stage.env, stepScope(job, stage.frame, { env: base, github }));
    const ownEnv = { ...stage.frame.env, ...own };
    const env = { ...job.env, ...ownEnv };
    const scope = () => stepScope(job, stage.frame, { env, github });
    const isWanted = () => holds(stage.condition, scope());
    if (!isWanted()) return 'skipped';
    const minutes = minutesOf(stage, scope());
    return await withLimits({ job, step, isWanted, minutes, title: titleOf(job, stage) }, (signal) =>
      stage.perform({ job, frame: stage.frame, step, scope: scope(), env, ownEnv, signal, outputs, files }),
    );
  } catch (thrown) {
    step.error(reasonOf(thrown));
    return 'failure';
  }
}

interface Limits {
  readonly job: Job;
  readonly title: string;
  readonly step: Reporter;
  /** Whether the step would still be run, asked when the job is cancelled. */
  readonly isWanted: () => boolean;
  readonly minutes: number;
}

async function withLimits(
  limits: Limits,
  perform: (signal: AbortSignal) => Promise<Conclusion>,
): Promise<Conclusion> {
  const { job } = limits;
  const timeout = new AbortController();
  const cancel = new AbortController();
  const ask = () => {
    if (!limits.isWanted()) cancel.abort();
  };
  if (!job.signal.aborted) job.signal.addEventListener('abort', ask, { once: true });
  const timer =
    limits.minutes > 0
      ? setTimeout(() => {
          timeout.abort();
        }, limits.minutes * job.run.times.minuteMs)
      : undefined;
  try {
    const outcome = await perform(AbortSignal.any([timeout.signal, cancel.signal, job.hardStop]));
    if (cancel.signal.aborted || job.hardStop.aborted) {
      limits.step.error('The operation was canceled.');
      return 'cancelled';
    }
    if (!timeout.signal.aborted) return outcome;
    limits.step.error(`The action '${limits.title}' has timed out after ${limits.minutes} minutes.`);
    return 'failure';
  } finally {
    clearTimeout(timer);
    job.signal.removeEventListener('abort', ask);
  }
}

function minutesOf(stage: Stage, scope: Act['scope']): number {
  return stage.timeoutMinutes === undefined ? 0 : Number(textOf(fill(stage.timeoutMinutes, scope)));
}

function forgives(job: Job, stage: Stage): boolean {
  if (stage.continueOnError === undefined) return false;
  const scope = stepScope(job, stage.frame, { env: { ...job.env, ...stage.frame.env } });
  return fill(stage.continueOnError, scope) === true;
}

function titleOf(job: Job, stage: Stage): string {
  return stage.title(stepScope(job, stage.frame, { env: { ...job.env, ...stage.frame.env } }));
}
