import { etagOf } from '../etag.ts';
import type { Condition, Service, TrafficTarget, TrafficTargetStatus } from '../resources.ts';
import { timestamp } from '../time.ts';
import type { Progress, RevisionRecord, ServiceRecord, Serving, World } from '../world.ts';

/** google.cloud.run.v2.Service as GET answers it. */
export function serviceView(world: World, service: ServiceRecord): Service {
  const { serving, latestCreated, latestReady } = service;
  return {
    name: service.name,
    uid: service.uid,
    generation: String(service.generation),
    createTime: timestamp(service.createMicros),
    updateTime: timestamp(service.updateMicros),
    ...{ creator: 'user@example.com', lastModifier: 'user@example.com' },
    ...service.spec,
    ...(service.observedGeneration === 0 ? {} : { observedGeneration: String(service.observedGeneration) }),
    terminalCondition: terminalCondition(service),
    conditions: [routesReady(service), configurationsReady(world, service)],
    ...(latestReady === undefined ? {} : { latestReadyRevision: latestReady }),
    ...(latestCreated === undefined ? {} : { latestCreatedRevision: latestCreated }),
    ...(serving === undefined ? {} : servingFields(serving)),
    ...(service.progress.kind === 'reconciling' ? { reconciling: true } : {}),
    etag: etagOf(service.updateMicros, service.name),
  };
}

function servingFields({ traffic, addresses }: Serving): Partial<Service> {
  return {
    trafficStatuses: traffic.map((target) => trafficStatus(target, addresses.tagUrls)),
    uri: addresses.url,
    urls: [addresses.url],
  };
}

function trafficStatus(
  target: TrafficTarget,
  tagUrls: Readonly<Record<string, string>>,
): TrafficTargetStatus {
  const uri = target.tag === undefined ? undefined : tagUrls[target.tag];
  return { ...target, ...(uri === undefined ? {} : { uri }) };
}

function terminalCondition(service: ServiceRecord): Condition {
  return {
    type: 'Ready',
    ...stateOf(service.progress),
    lastTransitionTime: timestamp(service.transitionMicros),
  };
}

function stateOf(progress: Progress): Omit<Condition, 'type'> {
  switch (progress.kind) {
    case 'reconciling':
      return { state: 'CONDITION_RECONCILING' };
    case 'ready':
      return { state: 'CONDITION_SUCCEEDED' };
    case 'failed':
      return { state: 'CONDITION_FAILED', message: progress.failure.message, ...reasonOf(progress) };
  }
}

function reasonOf(progress: Extract<Progress, { kind: 'failed' }>): Partial<Condition> {
  const { reason } = progress.failure;
  return reason === 'HEALTH_CHECK_CONTAINER_ERROR' ? { revisionReason: reason } : { reason };
}

function routesReady(service: ServiceRecord): Condition {
  const { progress, serving } = service;
  const lastTransitionTime = timestamp(service.transitionMicros);
  const keepsServing = progress.kind === 'failed' && progress.at === 'configuration' && serving !== undefined;
  const state = keepsServing ? ({ state: 'CONDITION_SUCCEEDED' } as const) : stateOf(progress);
  return { type: 'RoutesReady', ...state, lastTransitionTime };
}

function configurationsReady(world: World, service: ServiceRecord): Condition {
  const newest = world.revisions.get(service.latestCreated ?? '');
  return { type: 'ConfigurationsReady', ...startState(newest, service.createMicros) };
}

function startState(revision: RevisionRecord | undefined, fallbackMicros: number): Omit<Condition, 'type'> {
  if (revision === undefined || revision.start.kind === 'starting')
    return {
      state: 'CONDITION_RECONCILING',
      lastTransitionTime: timestamp(revision?.createMicros ?? fallbackMicros),
    };
  const lastTransitionTime = timestamp(revision.start.micros);
  if (revision.start.kind === 'ready') return { state: 'CONDITION_SUCCEEDED', lastTransitionTime };
  return {
    state: 'CONDITION_FAILED',
    message: revision.start.failure.message,
    lastTransitionTime,
    reason: 'REVISION_FAILED',
  };
}
