import { ActionFailure, type Log } from '@fairlead/action-kit';
import {
  describeShares,
  formatJournal,
  isSameTraffic,
  type Journal,
  JOURNAL_ANNOTATION,
  targetsOf,
  type Traffic,
  trafficOf,
} from '@fairlead/rollout';
import type { CloudRun } from './cloud-run.ts';
import type { ServiceName } from './names.ts';
import type { Service } from './service.ts';

export interface TrafficWrite {
  /** The service as it was read: the write is refused when it was changed since. */
  readonly service: Service;
  readonly traffic: Traffic;
  readonly journal: Journal;
  readonly deadlineMs: number;
}

/**
 * Writes traffic and its journal in one request under the etag, waits, and returns the service once the traffic that
 * is in effect is what was asked for. An old failure that the API repeats is a warning when it is.
 */
export async function writeTraffic(
  { run, log }: { readonly run: CloudRun; readonly log: Pick<Log, 'warning'> },
  name: ServiceName,
  { service, traffic, journal, deadlineMs }: TrafficWrite,
): Promise<Service> {
  const annotations = { ...service.annotations, [JOURNAL_ANNOTATION]: formatJournal(journal) };
  const change = { traffic: targetsOf(traffic), annotations };
  const written = await run.patchService(name, { etag: service.etag, change });
  const settled = await run.settle(name, { written, deadlineMs });
  if (settled.kind === 'expired')
    throw new ActionFailure(
      `the traffic of service ${name.service} was not in effect after ${settled.afterMs} ms`,
    );
  const after = settled.service;
  if (after !== undefined && isInEffect(after, traffic)) {
    if (settled.kind === 'failed')
      log.warning(`The API reports "${settled.message}", but the traffic of ${name.service} is as asked.`);
    return after;
  }
  throw new ActionFailure(
    `the traffic of service ${name.service} is ${effective(after)}, expected ${describeShares(traffic.shares)}${settled.kind === 'failed' ? `: ${settled.message}` : ''}`,
  );
}

/** Whether the traffic that is in effect is this one. */
export function isInEffect(service: Service, traffic: Traffic): boolean {
  return isSameTraffic(trafficOf(service.trafficStatuses, service.latestReadyRevision), traffic);
}

function effective(service: Service | undefined): string {
  if (service === undefined) return 'unknown, because the service is gone';
  return describeShares(trafficOf(service.trafficStatuses, service.latestReadyRevision).shares);
}
