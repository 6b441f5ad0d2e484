import { ActionFailure, type Log } from '@fairlead/action-kit';
import {
  type CloudRun,
  conditionNamed,
  type Readiness,
  type Service,
  type Settled,
  type Written,
} from '@fairlead/cloud-run';
import { isConflict } from '@fairlead/google';
import { describeShares, type StagedUnit } from '@fairlead/rollout';
import { gcloudDeploy } from './gcloud-deploy.ts';
import { planUnit, type UnitPlan } from './plan-unit.ts';
import type { Staging } from './staging.ts';
import { NotReady, withdrawTag } from './withdraw-tag.ts';

export interface Staged {
  readonly staged: StagedUnit;
  /** `first`: nothing served before, so it has all traffic. */
  readonly kind: 'first' | 'stage';
  readonly isReused: boolean;
  /** Absent when nothing was written. */
  readonly command?: string;
}

interface Tools {
  readonly run: CloudRun;
  readonly log: Log;
}

const ROUNDS = 4;

/**
 * Stages one unit: read, plan, write under the etag, wait for that very revision. When somebody else wrote in
 * between, it is read and planned anew: shares are kept as they are found, so nothing of theirs is lost. A revision
 * of the same content that did not start earlier gets one more try, under a new name. One that does not become ready loses our tag.
 */
export async function stageUnit(tools: Tools, staging: Staging): Promise<Staged> {
  try {
    return await stageInRounds(tools, staging);
  } catch (thrown) {
    if (thrown instanceof NotReady) await withdrawTag(tools, staging, thrown.revision);
    throw thrown;
  }
}

async function stageInRounds(tools: Tools, staging: Staging): Promise<Staged> {
  let failed: string | undefined;
  for (let round = 1; ; round += 1) {
    const live = await tools.run.getService(staging.target.name);
    const plan = planned(live, staging, failed);
    const ended = await attempted(tools, staging, { live, plan });
    if (ended.kind === 'conflict') {
      if (round >= ROUNDS) throw ended.thrown;
      tools.log.info(`${staging.target.name.service} was changed by somebody else; reading it again.`);
    } else if (ended.readiness.kind === 'failed' && plan.isReused && failed === undefined) {
      tools.log.info(
        `${plan.revision} did not start before: ${ended.readiness.message} Trying it once more.`,
      );
      failed = plan.revision;
    } else {
      return finish(staging, plan, ended);
    }
  }
}

interface Step {
  readonly live: Service | undefined;
  readonly plan: UnitPlan;
}

type Attempted =
  | { readonly kind: 'conflict'; readonly thrown: unknown }
  | {
      readonly kind: 'ended';
      readonly service: Service | undefined;
      readonly readiness: Readiness;
      /** Absent when nothing was written. */
      readonly command: string | undefined;
    };

function planned(live: Service | undefined, staging: Staging, failed: string | undefined): UnitPlan {
  const { target, version, tag, intent } = staging;
  return planUnit(live, { service: target.name.service, release: version, tag, revision: intent, failed });
}

async function attempted(tools: Tools, staging: Staging, step: Step): Promise<Attempted> {
  const command = step.plan.kind === 'nothing' ? undefined : gcloudDeploy(staging, step.plan);
  if (command !== undefined)
    tools.log.info(`${staging.target.unit}: staging ${step.plan.revision}; by hand: ${command}`);
  try {
    const written = await write(tools.run, staging, step);
    const settled = await tools.run.settle(staging.target.name, { written, deadlineMs: staging.deadlineMs });
    const readiness = await readinessAfter(tools, staging, { settled, plan: step.plan });
    const service = settled.kind === 'expired' ? undefined : settled.service;
    return { kind: 'ended', service, readiness, command };
  } catch (thrown) {
    if (isConflict(thrown)) return { kind: 'conflict', thrown };
    throw thrown;
  }
}

async function write(run: CloudRun, { target }: Staging, { live, plan }: Step): Promise<Written> {
  if (live === undefined) return run.createService(target.name, plan.change);
  if (plan.kind === 'nothing') return { kind: 'landed', service: live };
  return run.patchService(target.name, { etag: live.etag, change: plan.change });
}

/**
 * Ready by the service when it says that the configuration that made this very revision is ready, which spares a call;
 * otherwise, and always for a worker, by the revision itself.
 */
async function readinessAfter(
  tools: Tools,
  staging: Staging,
  { settled, plan }: { readonly settled: Settled; readonly plan: UnitPlan },
): Promise<Readiness> {
  if (settled.kind === 'expired')
    throw new NotReady(
      plan.revision,
      `revision ${plan.revision} was not ready after ${Math.round(settled.afterMs / 1000)} s, the limit of input "timeout"`,
    );
  if (
    settled.kind === 'settled' &&
    staging.target.kind !== 'worker' &&
    proves(settled.service, plan.revision)
  )
    return { kind: 'ready' };
  const readiness = await readinessNow(tools, staging, plan);
  if (settled.kind === 'settled' || readiness.kind === 'failed') return readiness;
  return readiness.kind === 'ready' && settled.service?.reconciling === false
    ? tolerated(tools, settled.message, plan)
    : { kind: 'failed', reason: 'UNKNOWN', message: settled.message };
}

function tolerated({ log }: Tools, message: string, { revision }: UnitPlan): Readiness {
  log.warning(`The API reports "${message}", but ${revision} is ready; going on.`);
  return { kind: 'ready' };
}

function proves({ conditions, latestCreatedRevision, ...service }: Service, revision: string): boolean {
  const isCurrent = service.observedGeneration === service.generation && !service.reconciling;
  const isReady = conditionNamed(conditions, 'ConfigurationsReady')?.state === 'SUCCEEDED';
  return isCurrent && isReady && latestCreatedRevision === revision;
}

async function readinessNow(
  { run }: Tools,
  { target, deadlineMs }: Staging,
  { revision }: UnitPlan,
): Promise<Readiness> {
  return run.awaitRevision(target.name, { revision, deadlineMs });
}

function finish(
  staging: Staging,
  plan: UnitPlan,
  { service: live, readiness, command }: Extract<Attempted, { kind: 'ended' }>,
): Staged {
  if (readiness.kind !== 'ready') throw notReady(plan, readiness);
  const { target, tag, version, intent } = staging;
  const tagUrl = live?.trafficStatuses.find(
    (status) => status.tag === tag && status.revision === plan.revision,
  )?.uri;
  if (tag !== undefined && tagUrl === undefined)
    throw new ActionFailure(
      `revision ${plan.revision} is ready, but service ${target.name.service} gives no URL for its tag "${tag}"; is its default URL disabled?`,
    );
  return {
    kind: plan.stage.kind,
    isReused: plan.isReused,
    ...(command === undefined ? {} : { command }),
    staged: {
      unit: target.unit,
      kind: target.kind,
      ...target.name,
      revision: plan.revision,
      tag: tag ?? '',
      ...(tagUrl === undefined ? {} : { tagUrl }),
      ...(live?.uri === undefined ? {} : { url: live.uri }),
      image: intent.image,
      version,
    },
  };
}

function notReady({ revision, stage }: UnitPlan, readiness: Exclude<Readiness, { kind: 'ready' }>): NotReady {
  const still =
    stage.kind === 'first' ? 'nothing serves yet' : `${describeShares(stage.traffic.shares)} still serves`;
  const because =
    readiness.kind === 'failed' ? `${readiness.reason}: ${readiness.message}` : 'it is still starting';
  return new NotReady(revision, `revision ${revision} is not ready (${because}); ${still}`);
}
