import { journalOf, type KnownRevision, type LiveTraffic, type Share, trafficOf } from '@fairlead/rollout';
import { readinessOf, type Revision } from './revision.ts';
import type { Service } from './service.ts';

/** What is asked of a service's traffic, as the planner sees it. */
export function liveTrafficOf(service: Service): LiveTraffic {
  return {
    traffic: trafficOf(service.traffic, service.latestReadyRevision),
    journal: journalOf(service.annotations),
    hasServed: service.latestReadyRevision !== undefined,
  };
}

/** The split that requests follow, as far as the service says. */
export function effectiveSharesOf({ trafficStatuses, latestReadyRevision }: Service): readonly Share[] {
  return trafficOf(trafficStatuses, latestReadyRevision).shares;
}

/** A revision as the planner of rollbacks sees it. */
export function knownRevision(revision: Revision): KnownRevision {
  const { name, createTime, labels, containers } = revision;
  const [container] = containers;
  const version = container?.env?.find((variable) => variable.name === 'IMAGE_TAG')?.value;
  return {
    name,
    createTime,
    isReady: readinessOf(revision).kind === 'ready',
    isOurs: labels['fairlead-unit'] !== undefined,
    ...(version === undefined ? {} : { version }),
    ...(container === undefined ? {} : { image: container.image }),
  };
}

/** Who changed a service last, and when, as far as it says. */
export function lastChange({ lastModifier, updateTime }: Service): string {
  return `last changed by ${lastModifier ?? 'somebody unnamed'} at ${updateTime ?? 'an unknown time'}`;
}
