import { ActionFailure, type Log } from '@fairlead/action-kit';
import { type CloudRun, lastChange, liveTrafficOf, type Service, writeTraffic } from '@fairlead/cloud-run';
import { isConflict } from '@fairlead/google';
import {
  describeShares,
  driftOf,
  gcloudShift,
  isSameSplit,
  percentOf,
  planShift,
  recordShift,
  RolloutError,
  type Share,
} from '@fairlead/rollout';
import type { Mover } from './parse.ts';

export interface Tools {
  readonly run: CloudRun;
  readonly log: Log;
  readonly deadlineMs: number;
}

/** A unit and its service as it was last seen. */
export interface Moving {
  readonly mover: Mover;
  readonly service: Service;
  /** The shares to go back to when the release fails. */
  readonly home: readonly Share[];
  readonly isForced: boolean;
  /** The gcloud commands of what was done. */
  readonly commands: readonly string[];
}

/** The unit as it is live, checked before anything is written: service and revision exist, nobody interfered. */
export async function readMoving({ run }: Tools, mover: Mover, isForced: boolean): Promise<Moving> {
  const service = await run.getService(mover);
  if (service === undefined) throw new ActionFailure(`service ${mover.service} does not exist`);
  const isKnown =
    service.latestReadyRevision === mover.revision ||
    service.trafficStatuses.some(({ revision }) => revision === mover.revision);
  if (!isKnown && (await run.getRevision(mover, mover.revision)) === undefined)
    throw new RolloutError(
      'unknown-revision',
      `revision ${mover.revision} of service ${mover.service} does not exist; deploy it first`,
    );
  const moving = { mover, service, home: homeOf(service, mover), isForced, commands: [] };
  checkUndisturbed(moving);
  return moving;
}

const ROUNDS = 4;

/**
 * Gives the candidate a share, unless it has as much already. When the service was changed meanwhile it is read again:
 * another run of the same release, or a change that left the shares alone, is built upon; a changed split is not.
 */
export async function shiftUnit(tools: Tools, moving: Moving, percent: number): Promise<Moving> {
  for (let current = moving, round = 1; ; round += 1) {
    try {
      return await shiftOnce(tools, current, percent);
    } catch (thrown) {
      if (!isConflict(thrown) || round >= ROUNDS) throw thrown;
      tools.log.info(`${moving.mover.service} was changed by somebody else; reading it again.`);
      current = await readAgain(tools, current);
    }
  }
}

async function shiftOnce(tools: Tools, moving: Moving, percent: number): Promise<Moving> {
  const { mover, service } = moving;
  const { traffic: live, journal: last } = liveTrafficOf(service);
  const { revision, version: release } = mover;
  if (percentOf(live.shares, revision) >= percent) return moving;
  const plan = planShift(live, { revision, percent });
  if (plan.kind === 'nothing') return moving;
  const { traffic } = plan;
  const command = gcloudShift(mover, traffic.shares);
  tools.log.info(`${mover.unit}: ${describeShares(traffic.shares)}; by hand: ${command}`);
  const journal = recordShift(last, {
    release,
    candidate: revision,
    before: live.shares,
    after: traffic.shares,
  });
  const write = { service, traffic, journal, deadlineMs: tools.deadlineMs };
  return {
    ...moving,
    service: await writeTraffic(tools, mover, write),
    commands: [...moving.commands, command],
  };
}

async function readAgain({ run }: Tools, moving: Moving): Promise<Moving> {
  const service = await run.getService(moving.mover);
  if (service === undefined) throw new ActionFailure(`service ${moving.mover.service} is gone`);
  const [before, after] = [sharesOf(moving.service), sharesOf(service)];
  const isOurs = liveTrafficOf(service).journal?.candidate === moving.mover.revision;
  const again = { ...moving, service };
  if (isOurs) checkUndisturbed(again);
  else if (!isSameSplit(before, after))
    throw conflict(service, `the traffic was ${describeShares(before)} and is ${describeShares(after)} now`);
  return again;
}

function checkUndisturbed({ mover, service, isForced }: Moving): void {
  const { journal, traffic } = liveTrafficOf(service);
  if (isForced || journal?.candidate !== mover.revision) return;
  const drift = driftOf(journal, traffic.shares);
  if (drift !== undefined) throw conflict(service, drift);
}

function conflict(service: Service, what: string): RolloutError {
  return new RolloutError(
    'conflict',
    `${what} (${lastChange(service)}); set input "force" to overwrite it, or leave it as it is`,
  );
}

/** What served before the release; for a release that nothing is recorded of, what serves now. */
function homeOf(service: Service, { revision }: Mover): readonly Share[] {
  const { journal, traffic } = liveTrafficOf(service);
  const isUnderWay = journal?.candidate === revision && ['staged', 'shifting'].includes(journal.step);
  return isUnderWay ? journal.previous : traffic.shares;
}

function sharesOf(service: Service): readonly Share[] {
  return liveTrafficOf(service).traffic.shares;
}
