import { ActionFailure, type Log } from '@fairlead/action-kit';
import {
  type CloudRun,
  effectiveSharesOf,
  knownRevision,
  liveTrafficOf,
  type Service,
  writeTraffic,
} from '@fairlead/cloud-run';
import { isConflict } from '@fairlead/google';
import {
  describeShares,
  gcloudShift,
  planRollback,
  recordReturn,
  type RollbackPlan,
  type Share,
} from '@fairlead/rollout';
import type { Returning, RollbackInputs } from './parse.ts';

export interface Tools {
  readonly run: CloudRun;
  readonly log: Log;
}

/** A unit, its service as it was read, and where it goes. */
export interface ReturnPlan {
  readonly returning: Returning;
  readonly service: Service;
  readonly plan: RollbackPlan;
}

export interface Returned {
  readonly returning: Returning;
  readonly from: readonly Share[];
  readonly to: readonly Share[];
  readonly because: string;
  /** Absent when nothing had to be changed. */
  readonly command?: string;
}

/** Reads a unit and decides where it goes back to; throws when there is nothing to go back to. */
export async function planReturn(
  { run }: Pick<Tools, 'run'>,
  returning: Returning,
  { to }: Pick<RollbackInputs, 'to'>,
): Promise<ReturnPlan> {
  const { name } = returning;
  const [service, revisions] = await Promise.all([run.getService(name), run.listRevisions(name)]);
  if (service === undefined)
    throw new ActionFailure(
      `service ${name.service} does not exist in project ${name.project}, ${name.region}`,
    );
  const { traffic, journal } = liveTrafficOf(service);
  const plan = planRollback({
    service: name.service,
    live: traffic,
    effective: effectiveSharesOf(service),
    journal,
    revisions: revisions.map(knownRevision),
    ...(to === undefined ? {} : { to }),
    ...(returning.candidate === undefined ? {} : { candidate: returning.candidate }),
  });
  return { returning, service, plan };
}

const ROUNDS = 5;

/** Writes the way back under the etag. When somebody else wrote meanwhile it is planned anew on what is live. */
export async function returnUnit(tools: Tools, first: ReturnPlan, inputs: RollbackInputs): Promise<Returned> {
  for (let planned = first, round = 1; ; round += 1) {
    try {
      return await returnOnce(tools, planned, inputs);
    } catch (thrown) {
      if (!isConflict(thrown) || round >= ROUNDS) throw thrown;
      tools.log.info(`${first.returning.name.service} was changed by somebody else; reading it again.`);
      planned = await planReturn(tools, first.returning, inputs);
    }
  }
}

async function returnOnce(
  tools: Tools,
  { returning, service, plan }: ReturnPlan,
  { deadlineMs }: RollbackInputs,
): Promise<Returned> {
  const last = liveTrafficOf(service).journal;
  const from = effectiveSharesOf(service);
  const { because } = plan;
  if (plan.kind === 'nothing') return { returning, from, to: from, because };
  const { name } = returning;
  const { shares, tags, dropped } = plan;
  const command = gcloudShift(name, shares, dropped);
  tools.log.info(`${returning.unit}: back to ${describeShares(shares)}, ${because}; by hand: ${command}`);
  for (const { tag, revision = '' } of dropped)
    tools.log.warning(
      `${returning.unit}: tag "${tag}" is removed: revision ${revision} is not ready, and no traffic moves while a tag names it`,
    );
  const journal = recordReturn(last, 'rolled-back', {
    release: last?.release ?? 'unknown',
    candidate: returning.candidate ?? last?.candidate ?? from[0]?.revision ?? '',
    before: from,
    after: shares,
  });
  await writeTraffic(tools, name, { service, traffic: { shares, tags }, journal, deadlineMs });
  return { returning, from, to: shares, because, command };
}
