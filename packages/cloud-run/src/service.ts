import type { TrafficTarget } from '@fairlead/rollout';
import { type Condition, conditionOf, conditionsIn } from './condition.ts';
import { shortName } from './names.ts';
import type { RevisionTemplate } from './template.ts';
import { numberIn, objectIn, objectsIn, optionalText, textIn, textsIn, type Wire } from './wire.ts';

/** A Cloud Run service as it is live. Revisions are short names. */
export interface Service {
  /** `projects/P/locations/R/services/S`. */
  readonly name: string;
  readonly etag: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly reconciling: boolean;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly template: RevisionTemplate;
  /** What was asked for. */
  readonly traffic: readonly TrafficTarget[];
  /** What is in effect. */
  readonly trafficStatuses: readonly TrafficStatus[];
  readonly scaling: { readonly minInstanceCount?: number; readonly maxInstanceCount?: number };
  readonly conditions: readonly Condition[];
  readonly terminalCondition?: Condition;
  readonly latestReadyRevision?: string;
  readonly latestCreatedRevision?: string;
  readonly uri?: string;
  readonly ingress?: string;
  readonly invokerIamDisabled: boolean;
  readonly updateTime?: string;
  readonly lastModifier?: string;
}

export interface TrafficStatus extends TrafficTarget {
  /** Where the tag is reached. */
  readonly uri?: string;
}

const FOLLOWS_LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
const NAMES_REVISION = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';

export function serviceOf(wire: Wire): Service {
  const terminal = objectIn(wire, 'terminalCondition');
  return {
    name: textIn(wire, 'name') ?? '',
    etag: textIn(wire, 'etag') ?? '',
    generation: numberIn(wire, 'generation'),
    observedGeneration: numberIn(wire, 'observedGeneration'),
    reconciling: wire['reconciling'] === true,
    annotations: textsIn(wire, 'annotations'),
    labels: textsIn(wire, 'labels'),
    template: objectIn(wire, 'template'),
    traffic: objectsIn(wire, 'traffic').map(targetOf),
    trafficStatuses: objectsIn(wire, 'trafficStatuses').map((status) => ({
      ...targetOf(status),
      ...optionalText(status, 'uri'),
    })),
    scaling: objectIn(wire, 'scaling'),
    conditions: conditionsIn(wire),
    ...('type' in terminal ? { terminalCondition: conditionOf(terminal) } : {}),
    ...revisionIn(wire, 'latestReadyRevision'),
    ...revisionIn(wire, 'latestCreatedRevision'),
    ...optionalText(wire, 'uri'),
    ...optionalText(wire, 'ingress'),
    ...optionalText(wire, 'updateTime'),
    ...optionalText(wire, 'lastModifier'),
    invokerIamDisabled: wire['invokerIamDisabled'] === true,
  };
}

/** A traffic entry as the API takes it. */
export function wireTarget({ revision, percent, tag }: TrafficTarget): Wire {
  return {
    ...(revision === undefined ? { type: FOLLOWS_LATEST } : { type: NAMES_REVISION, revision }),
    ...(percent === 0 ? {} : { percent }),
    ...(tag === undefined ? {} : { tag }),
  };
}

function targetOf(wire: Wire): TrafficTarget {
  const revision = textIn(wire, 'revision');
  const isLatest = textIn(wire, 'type') === FOLLOWS_LATEST;
  return {
    percent: numberIn(wire, 'percent'),
    ...(revision === undefined || isLatest ? {} : { revision: shortName(revision) }),
    ...optionalText(wire, 'tag'),
  };
}

function revisionIn<F extends string>(wire: Wire, field: F): { readonly [K in F]?: string } {
  const name = textIn(wire, field);
  return (name === undefined ? {} : { [field]: shortName(name) }) as { readonly [K in F]?: string };
}
