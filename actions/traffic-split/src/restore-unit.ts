import { ActionFailure } from '@fairlead/action-kit';
import { lastChange, liveTrafficOf, type Service, writeTraffic } from '@fairlead/cloud-run';
import { isConflict } from '@fairlead/google';
import { describeShares, gcloudShift, isSameSplit, recordReturn } from '@fairlead/rollout';
import type { Moving, Tools } from './shift-unit.ts';

const ROUNDS = 4;

/** Puts the traffic of a unit back to what it was before the release; returns whether there was something to put back. */
export async function restoreUnit(tools: Tools, moving: Moving): Promise<'restored' | 'untouched'> {
  const { mover, home } = moving;
  for (let round = 1; ; round += 1) {
    const service = await tools.run.getService(mover);
    if (service === undefined) throw new ActionFailure(`service ${mover.service} is gone`);
    const { traffic: live } = liveTrafficOf(service);
    if (isSameSplit(live.shares, home)) return 'untouched';
    checkOurs(moving, service);
    tools.log.info(`${mover.unit}: back to ${describeShares(home)}; by hand: ${gcloudShift(mover, home)}`);
    try {
      await writeBack(tools, moving, service);
      return 'restored';
    } catch (thrown) {
      if (!isConflict(thrown) || round >= ROUNDS) throw thrown;
    }
  }
}

async function writeBack(tools: Tools, { mover, home }: Moving, service: Service): Promise<void> {
  const { traffic, journal: last } = liveTrafficOf(service);
  const journal = recordReturn(last, 'restored', {
    release: mover.version,
    candidate: mover.revision,
    before: traffic.shares,
    after: home,
  });
  const back = { shares: home, tags: traffic.tags };
  await writeTraffic(tools, mover, { service, traffic: back, journal, deadlineMs: tools.deadlineMs });
}

// Only what we wrote is undone: a split that somebody chose meanwhile is theirs.
function checkOurs({ mover, isForced }: Moving, service: Service): void {
  const { traffic, journal } = liveTrafficOf(service);
  const isOurs = journal?.candidate === mover.revision && isSameSplit(journal.written, traffic.shares);
  if (isOurs || isForced) return;
  throw new ActionFailure(
    `the traffic of ${mover.service} is ${describeShares(traffic.shares)}, which this release did not write (${lastChange(service)}); it is left as it is`,
  );
}
