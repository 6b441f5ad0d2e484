import { etagOf } from '../etag.ts';
import { shortName } from '../names.ts';
import type { Condition, RevisionTemplate } from '../resources.ts';
import { timestamp } from '../time.ts';
import { without } from '../without.ts';
import type { Instances, RevisionRecord, World } from '../world.ts';

/** Whether requests can reach a revision: it has a share, or a tag. */
export function isRouted(world: World, revision: RevisionRecord): boolean {
  const { targets = [], tags = [] } = world.services.get(revision.service)?.serving?.routes ?? {};
  const shares = targets.filter(({ percent }) => percent > 0);
  return [...shares, ...tags].some((route) => route.revision === revision.name);
}

/** google.cloud.run.v2.Revision. */
export function revisionView(world: World, revision: RevisionRecord): object {
  const { labels, annotations, ...template } = without(revision.template, 'revision');
  return {
    name: revision.name,
    uid: revision.uid,
    generation: String(revision.generation),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    createTime: timestamp(revision.createMicros),
    updateTime: timestamp(revision.updateMicros),
    launchStage: revision.launchStage,
    service: shortName(revision.service),
    ...template,
    ...(revision.start.kind === 'starting' ? { reconciling: true } : {}),
    conditions: conditionsOf(revision.template, revision, isRouted(world, revision)),
    observedGeneration: String(revision.generation),
    creator: 'user@example.com',
    etag: etagOf(revision.updateMicros, revision.name),
  };
}

type State = Pick<RevisionRecord, 'start' | 'createMicros' | 'routedMicros' | 'instances'>;

function conditionsOf(template: RevisionTemplate, state: State, routed: boolean): readonly Condition[] {
  switch (state.start.kind) {
    case 'starting':
      return startingConditions(timestamp(state.createMicros));
    case 'failed':
      return failedConditions(state.start);
    case 'ready':
      return routed
        ? activeConditions(template, state.start.micros, state)
        : retiredConditions(template, state.start.micros, state.routedMicros);
  }
}

function startingConditions(lastTransitionTime: string): readonly Condition[] {
  return ['Ready', 'ContainerReady', 'ContainerHealthy', 'ResourcesAvailable'].map((type) => ({
    type,
    state: 'CONDITION_RECONCILING',
    lastTransitionTime,
    ...(type === 'Ready' ? { message: 'Deploying Revision.' } : {}),
  }));
}

function failedConditions(start: Extract<State['start'], { kind: 'failed' }>): readonly Condition[] {
  const lastTransitionTime = timestamp(start.micros);
  const { reason, message } = start.failure;
  const failed = {
    state: 'CONDITION_FAILED',
    message,
    lastTransitionTime,
    ...(reason === 'HEALTH_CHECK_CONTAINER_ERROR' ? { revisionReason: reason } : { reason }),
  } as const;
  const healthy = reason === 'HEALTH_CHECK_CONTAINER_ERROR' ? 'ContainerHealthy' : 'ContainerReady';
  return [
    { type: 'Ready', ...failed },
    { type: healthy, ...failed },
  ];
}

function activeConditions(
  template: RevisionTemplate,
  readyMicros: number,
  { routedMicros, instances }: State,
): readonly Condition[] {
  const ready = { state: 'CONDITION_SUCCEEDED', lastTransitionTime: timestamp(readyMicros) } as const;
  const routed = { state: 'CONDITION_SUCCEEDED', lastTransitionTime: timestamp(routedMicros) } as const;
  return [
    { type: 'Ready', ...ready },
    ...containerConditions(template, readyMicros),
    { type: 'ResourcesAvailable', ...ready },
    { type: 'Active', ...routed },
    ...(hasMinimum(template, instances)
      ? [{ type: 'MinInstancesProvisioned', ...routed, ...warming(instances) }]
      : []),
  ];
}

// As seen on a real service (BasedHardware/omi#10254): ready, and yet nearly every other condition says retired.
function retiredConditions(
  template: RevisionTemplate,
  readyMicros: number,
  routedMicros: number,
): readonly Condition[] {
  const retired = { revisionReason: 'RETIRED', lastTransitionTime: timestamp(routedMicros) } as const;
  return [
    { type: 'Ready', state: 'CONDITION_SUCCEEDED', ...retired },
    ...containerConditions(template, readyMicros),
    { type: 'ResourcesAvailable', state: 'CONDITION_RECONCILING', ...retired },
    { type: 'Active', state: 'CONDITION_FAILED', severity: 'INFO', message: 'Revision retired.', ...retired },
    {
      type: 'MinInstancesProvisioned',
      state: 'CONDITION_FAILED',
      severity: 'INFO',
      ...retired,
      revisionReason: 'MIN_INSTANCES_NOT_PROVISIONED',
    },
  ];
}

function containerConditions(template: RevisionTemplate, readyMicros: number): readonly Condition[] {
  const ready = { state: 'CONDITION_SUCCEEDED', lastTransitionTime: timestamp(readyMicros) } as const;
  const skipped = template.healthCheckDisabled ? { revisionReason: 'HEALTH_CHECK_SKIPPED' } : {};
  return [
    { type: 'ContainerReady', ...ready },
    { type: 'ContainerHealthy', ...ready, ...skipped },
  ];
}

function hasMinimum(template: RevisionTemplate, instances: Instances | undefined): boolean {
  return (template.scaling?.minInstanceCount ?? 0) > 0 || (instances?.wanted ?? 0) > 0;
}

function warming(instances: Instances | undefined): Partial<Condition> {
  if (instances === undefined || instances.warm >= instances.wanted) return {};
  return { state: 'CONDITION_RECONCILING', revisionReason: 'MIN_INSTANCES_WARMING' };
}
