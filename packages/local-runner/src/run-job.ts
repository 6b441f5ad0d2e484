import { textOf } from './expressions.ts';
import { endWithoutSteps } from './ended.ts';
import { reasonOf, WorkflowError } from './failure.ts';
import { stepScope } from './job-contexts.ts';
import { outputsOfJob } from './job-outputs.ts';
import type { Job, Stage } from './job.ts';
import type { Leg } from './leg.ts';
import { type JobSignals, openJob } from './open-job.ts';
import { killOrphans } from './orphans.ts';
import { createReporter } from './reporter.ts';
import { runJobStage } from './run-stage.ts';
import type { Ended, WorkflowCall } from './run.ts';
import type { StepStages } from './step-stages.ts';
import { stagesOf } from './steps.ts';
import { fill, fillText, membersOf } from './template.ts';
import type { StepsWork } from './workflow-file.ts';

const DEFAULT_TIMEOUT_MINUTES = 360;

/** Runs the steps of a job when a place is free. */
export function runJob(leg: Leg, work: StepsWork, call: WorkflowCall): Promise<Ended> {
  const { run } = leg.node;
  return run.slots.within(async () => {
    if (call.signal.aborted) return endWithoutSteps(run, leg, 'cancelled');
    return runInPlace(leg, work, call);
  });
}

async function runInPlace(leg: Leg, work: StepsWork, call: WorkflowCall): Promise<Ended> {
  const limits = limitsOf(leg, work, call.signal);
  try {
    return await runOpened(openJob(leg, work, limits), leg, work);
  } finally {
    limits.close();
  }
}

async function runOpened(job: Job, leg: Leg, work: StepsWork): Promise<Ended> {
  const { run, id, name } = job;
  const { environment } = job.identity;
  const startMs = Date.now();
  const cancel = () => {
    job.frame.state.status = 'cancelled';
  };
  job.signal.addEventListener('abort', cancel, { once: true });
  run.journal.note({
    kind: 'job-started',
    job: id,
    name,
    ...(environment === undefined ? {} : { environment }),
  });
  try {
    await runSteps(job, work);
  } finally {
    killOrphans(job.trackingId);
  }
  const outputs = outputsOfJob(job, work);
  const url = urlOf(job, work);
  const { status } = job.frame.state;
  const seconds = (Date.now() - startMs) / 1000;
  run.jobs.push({ id, name, conclusion: status, outputs, seconds, steps: job.steps });
  run.journal.note({ kind: 'job-ended', job: id, conclusion: status, seconds, ...url });
  return { result: status === 'failure' && forgives(leg, work) ? 'success' : status, outputs };
}

async function runSteps(job: Job, work: StepsWork): Promise<void> {
  const stages = await setUp(job, work);
  for (const { pre } of stages) if (pre !== undefined) await runJobStage(job, pre);
  for (const { main } of stages) await runJobStage(job, main);
  for (let stage: Stage | undefined; (stage = job.post.pop()) !== undefined;) await runJobStage(job, stage);
}

// Everything that can be found before the first step is, so that a job fails before it has done half of its work.
async function setUp(job: Job, work: StepsWork): Promise<readonly StepStages[]> {
  try {
    if (work.needsContainers) {
      throw new WorkflowError(
        '"container" and "services" are not supported here; start what the job needs in a step',
      );
    }
    const stages: StepStages[] = [];
    for (const template of work.steps) stages.push(await stagesOf(job, job.frame, template));
    return stages;
  } catch (thrown) {
    createReporter(job.run, job.id, 'Set up job').error(reasonOf(thrown));
    job.frame.state.status = 'failure';
    return [];
  }
}

interface JobLimits extends JobSignals {
  readonly close: () => void;
}

// The job's time runs out as if someone had cancelled it; a cancelled job gets a grace for what asks for always().
function limitsOf(leg: Leg, work: StepsWork, cancelled: AbortSignal): JobLimits {
  const { run } = leg.node;
  const timeout = new AbortController();
  const hardStop = new AbortController();
  const minutes =
    work.timeoutMinutes === undefined
      ? DEFAULT_TIMEOUT_MINUTES
      : Number(textOf(fill(work.timeoutMinutes, { contexts: leg.contexts })));
  const expire = () => {
    createReporter(run, leg.id, 'Set up job').error(
      `The job has exceeded the maximum execution time of ${minutes} minutes.`,
    );
    timeout.abort();
  };
  const timers = [setTimeout(expire, Math.min(minutes * run.times.minuteMs, 2 ** 31 - 1))];
  const signal = AbortSignal.any([cancelled, timeout.signal]);
  const grace = () => {
    timers.push(
      setTimeout(() => {
        hardStop.abort();
      }, run.times.graceMs),
    );
  };
  signal.addEventListener('abort', grace, { once: true });
  const close = () => {
    signal.removeEventListener('abort', grace);
    timers.forEach(clearTimeout);
  };
  return { signal, hardStop: hardStop.signal, close };
}

function forgives(leg: Leg, work: StepsWork): boolean {
  return (
    work.continueOnError !== undefined && fill(work.continueOnError, { contexts: leg.contexts }) === true
  );
}

function urlOf(job: Job, work: StepsWork): { readonly environmentUrl?: string } {
  const url = membersOf(work.environment)['url'];
  return url === undefined
    ? {}
    : { environmentUrl: fillText(url, stepScope(job, job.frame, { env: job.env })) };
}
