import { placeOf, shortName } from '../../control/names.ts';
import type { Condition } from '../../control/resources.ts';
import { serviceView } from '../../control/services/service-view.ts';
import type { Progress, RevisionRecord, ServiceRecord } from '../../control/world.ts';
import type { TrafficChange } from '../traffic-changes.ts';
import { withoutLogsUrl } from '../words.ts';
import { type RevisionFacts, revisionFacts, type Sources } from './revision-facts.ts';
import type { State } from './state.ts';
import { stateOf } from './progress-state.ts';

/** A service as a person wants to see it. */
export interface ServiceFacts {
  /** The full resource name. */
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly region: string;
  /** Absent until it has been routed once. */
  readonly url?: string;
  readonly state: State;
  /** Why it is not ready. */
  readonly message?: string;
  /** Short name of the revision that was made last. */
  readonly newest?: string;
  /** Newest first. */
  readonly revisions: readonly RevisionFacts[];
  readonly conditions: readonly Condition[];
  /** Newest first. */
  readonly changes: readonly TrafficChange[];
}

export function serviceFacts(
  sources: Sources,
  service: ServiceRecord,
  revisions: readonly RevisionRecord[],
): ServiceFacts {
  const { project, location } = placeOf(service.name);
  const { progress, serving, latestCreated } = service;
  const { terminalCondition, conditions = [] } = serviceView(sources.world, service);
  return {
    id: service.name,
    name: shortName(service.name),
    project,
    region: location,
    ...(serving === undefined ? {} : { url: serving.addresses.url }),
    state: stateOf(progress),
    ...messageOf(progress),
    ...(latestCreated === undefined ? {} : { newest: shortName(latestCreated) }),
    revisions: revisionFacts(sources, service, revisions),
    changes: [...sources.changes.of(service.name)].reverse(),
    conditions: [...(terminalCondition === undefined ? [] : [terminalCondition]), ...conditions],
  };
}

function messageOf(progress: Progress): { readonly message?: string } {
  return progress.kind === 'failed' ? { message: withoutLogsUrl(progress.failure.message) } : {};
}
