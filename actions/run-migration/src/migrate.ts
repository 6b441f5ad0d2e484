import { type ActionContext, ActionFailure, type Look, poll } from '@fairlead/action-kit';
import type { CloudRun, JobWritten } from '@fairlead/cloud-run';
import { isConflict, isOutcomeUnknown } from '@fairlead/google';
import {
  executionName,
  executionToken,
  type ExecutionVerdict,
  type MigrationPlan,
  type MigrationRun,
  planMigration,
} from '@fairlead/migrations';

import { buildJob } from './build-job.ts';
import { verdictOn } from './execution-facts.ts';
import { gcloudMigration } from './gcloud-migration.ts';
import type { MigrationTarget } from './migration-target.ts';
import { recoveryOf } from './recovery.ts';

/** A migration that ran to its end. */
export interface Migrated {
  readonly execution: string;
  readonly attempt: number;
  readonly result: 'ran' | 'attached' | 'noop';
  /** The same by hand, when something was written. */
  readonly commands: readonly string[];
}

export interface Migrating {
  readonly context: ActionContext;
  readonly cloud: CloudRun;
  readonly rerunFailed: boolean;
  /** Milliseconds to wait for the execution. */
  readonly deadlineMs: number;
}

/** How often a write by somebody else is answered by looking again. */
const LOOKS = 3;

/** Sees to it that the migration has run exactly once and to its end; throws with the way out when it has not. */
export async function migrate(target: MigrationTarget, migrating: Migrating): Promise<Migrated> {
  for (let look = 1; ; look += 1) {
    const history = await historyOf(target, migrating);
    const plan = planMigration(history, migrating);
    try {
      return await perform(target, plan, migrating);
    } catch (thrown) {
      if (!isConflict(thrown) || look >= LOOKS) throw thrown;
      migrating.context.log.warning(
        `job ${target.name.job} was written by somebody else meanwhile; looking again`,
      );
    }
  }
}

async function historyOf(
  target: MigrationTarget,
  { cloud }: Migrating,
): Promise<readonly ExecutionVerdict[]> {
  const history: ExecutionVerdict[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const verdict = await verdictOn(cloud, target.name, executionName(runOf(target, attempt)));
    if (verdict === undefined) return history;
    history.push(verdict);
  }
}

async function perform(
  target: MigrationTarget,
  plan: MigrationPlan,
  migrating: Migrating,
): Promise<Migrated> {
  const { log } = migrating.context;
  const execution = executionName(runOf(target, plan.attempt));
  const done = { execution, attempt: plan.attempt, commands: [] };
  switch (plan.kind) {
    case 'noop':
      log.info(`${execution}: this very migration ran to its end before; it is not run again`);
      return { ...done, result: 'noop' };
    case 'refuse':
      throw new ActionFailure(`${execution}: ${plan.because}; ${recoveryOf(target, execution)}`);
    case 'attach':
      log.info(`${execution}: this very migration is under way; waiting for it`);
      await awaitEnd(target, execution, migrating);
      return { ...done, result: 'attached' };
    case 'start':
      await start(target, plan.attempt, migrating);
      return { ...done, result: 'ran', commands: gcloudMigration(target) };
  }
}

async function start(target: MigrationTarget, attempt: number, migrating: Migrating): Promise<void> {
  const { cloud, context } = migrating;
  const run = runOf(target, attempt);
  const execution = executionName(run);
  const live = await cloud.getJob(target.name);
  const change = buildJob(live, target, { execution, token: executionToken(run) });
  context.log.info(`${execution}: starting attempt ${attempt} with ${target.image}`);
  for (const line of gcloudMigration(target)) context.log.info(`the same by hand: ${line}`);
  const written =
    live === undefined
      ? await cloud.createJob(target.name, change)
      : await cloud.patchJob(target.name, { etag: live.etag, change });
  await awaitEnd(target, execution, { ...migrating, written });
}

/** Waits for the named execution and believes only what is read of it. */
async function awaitEnd(
  target: MigrationTarget,
  execution: string,
  migrating: Migrating & { readonly written?: JobWritten },
): Promise<void> {
  const { cloud, context, deadlineMs } = migrating;
  const { clock, signal } = context;
  const startMs = clock.now();
  const refusal = await endOfWrite(migrating);
  const look = async (): Promise<Look<ExecutionVerdict>> => {
    const verdict = await verdictOn(cloud, target.name, execution);
    if (verdict === undefined && refusal !== undefined)
      return { kind: 'done', value: { kind: 'failed', because: refusal } };
    return verdict === undefined || verdict.kind === 'running'
      ? { kind: 'again' }
      : { kind: 'done', value: verdict };
  };
  const leftMs = Math.max(0, deadlineMs - (clock.now() - startMs));
  const polled = await poll(look, { clock, signal, intervalMs: 1000, deadlineMs: leftMs });
  if (polled.kind === 'expired')
    throw new ActionFailure(
      `${execution} did not end within ${deadlineMs / 1000} s and was left running; run this step again to wait for it, or cancel it`,
    );
  checkEnd(target, execution, polled.value);
}

function checkEnd(target: MigrationTarget, execution: string, verdict: ExecutionVerdict): void {
  switch (verdict.kind) {
    case 'succeeded':
      return;
    case 'running':
    case 'failed':
    case 'cancelled':
    case 'unknown': {
      const because = verdict.kind === 'running' ? '' : ` (${verdict.because})`;
      throw new ActionFailure(
        `${execution} ended as ${verdict.kind}${because}; ${recoveryOf(target, execution)}`,
      );
    }
  }
}

/** Waits by long polls for the write, which ends with the execution; its error, which may be all there is to know. */
async function endOfWrite({
  cloud,
  written,
  deadlineMs,
}: Migrating & { readonly written?: JobWritten }): Promise<string | undefined> {
  if (written?.kind !== 'operation') return undefined;
  try {
    const waited = await cloud.waitOperation(written.operation, deadlineMs);
    return waited.kind === 'done' ? waited.operation.error?.message : undefined;
  } catch (thrown) {
    // A wait that the server keeps refusing says nothing about the execution: the execution itself does.
    if (isOutcomeUnknown(thrown)) return undefined;
    throw thrown;
  }
}

function runOf({ name, image, command, args }: MigrationTarget, attempt: number): MigrationRun {
  return { job: name.job, image, command, args, attempt };
}
