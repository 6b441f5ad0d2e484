import { shortName } from '../control/names.ts';
import type { WorkerPool } from '../control/worker-pool.ts';
import { flag, jsonText, wholeNumber } from './codecs.ts';
import { conditionsToV1 } from './conditions.ts';
import { annotation, listOf, type Message, messageOf, type Pair, toV1, toV2 } from './mapping.ts';
import { metadataOf, ownEntries } from './metadata.ts';
import { clientAnnotations, filled } from './revision-template.ts';
import { REVISIONS } from './revision-message.ts';
import { RESOURCE_FIELDS } from './service-annotations.ts';
import { workloadToV1, workloadToV2 } from './workload.ts';

const WORKER_POOLS = { group: 'run.googleapis.com', plural: 'workerpools' } as const;
const LATEST = 'INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST';
const REVISION = 'INSTANCE_SPLIT_ALLOCATION_TYPE_REVISION';

/** The fields of a v2 worker pool that v1 writes as its annotations. */
export const POOL_FIELDS: readonly Pair[] = [
  ...RESOURCE_FIELDS,
  annotation('run.googleapis.com/description', 'description'),
  annotation('run.googleapis.com/custom-audiences', 'customAudiences', jsonText),
  annotation('run.googleapis.com/manualInstanceCount', 'scaling.manualInstanceCount', wholeNumber),
];

const TEMPLATE_FIELDS: readonly Pair[] = [
  annotation('run.googleapis.com/gpu-zonal-redundancy-disabled', 'gpuZonalRedundancyDisabled', flag),
  annotation('run.googleapis.com/mesh', 'serviceMesh.mesh'),
];

/** `run.googleapis.com/v1` WorkerPool of a pool as v2's GET answers it; `operation` is the full name of its last write. */
export function workerPoolToV1(pool: Message, operation?: string): Message {
  const { annotations } = messageOf(toV1(POOL_FIELDS, pool)['metadata']);
  const { latestReadyRevision, observedGeneration } = pool;
  return {
    apiVersion: 'run.googleapis.com/v1',
    kind: 'WorkerPool',
    metadata: metadataOf(WORKER_POOLS, pool, {
      annotations: {
        ...messageOf(annotations),
        'run.googleapis.com/scalingMode': 'manual',
        'serving.knative.dev/creator': pool['creator'],
        'serving.knative.dev/lastModifier': pool['lastModifier'],
        ...(operation === undefined ? {} : { 'run.googleapis.com/operation-id': shortName(operation) }),
      },
    }),
    spec: {
      template: templateToV1(pool),
      instanceSplits: listOf(pool['instanceSplits']).map((split) => splitToV1(messageOf(split))),
    },
    status: {
      ...(observedGeneration === undefined ? {} : { observedGeneration: Number(observedGeneration) }),
      conditions: conditionsToV1([pool['terminalCondition'], ...listOf(pool['conditions'])]),
      latestCreatedRevisionName: shortName(String(pool['latestCreatedRevision'])),
      ...(typeof latestReadyRevision === 'string'
        ? { latestReadyRevisionName: shortName(latestReadyRevision) }
        : {}),
      instanceSplits: listOf(pool['instanceSplitStatuses']).map((split) => splitToV1(messageOf(split))),
    },
  };
}

/** `serving.knative.dev/v1` Revision of a worker pool's revision as v2's GET answers it. */
export function poolRevisionToV1(revision: Message, pool: string): Message {
  const { spec, annotations } = workloadToV1(revision, TEMPLATE_FIELDS);
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Revision',
    metadata: metadataOf(REVISIONS, revision, {
      labels: { 'run.googleapis.com/workerPool': pool },
      annotations: { ...annotations, 'serving.knative.dev/creator': revision['creator'] },
    }),
    spec,
    status: {
      observedGeneration: Number(revision['observedGeneration']),
      conditions: conditionsToV1(revision['conditions']),
    },
  };
}

/** The fields of a v2 WorkerPool that a writer of v1 may write; the name is not among them. */
export function workerPoolToV2({ metadata, spec }: Message): WorkerPool {
  const labels = ownEntries(messageOf(metadata)['labels']);
  const annotations = ownEntries(messageOf(metadata)['annotations']);
  const { template, instanceSplits } = messageOf(spec);
  const splits = listOf(instanceSplits).map((split) => splitToV2(messageOf(split)));
  return {
    launchStage: 'GA',
    ...toV2(POOL_FIELDS, { metadata }),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(template === undefined ? {} : { template: templateToV2(messageOf(template)) }),
    ...(splits.length === 0 ? {} : { instanceSplits: splits }),
  } as WorkerPool;
}

function templateToV1(pool: Message): Message {
  const template = messageOf(pool['template']);
  const { spec, annotations } = workloadToV1(template, TEMPLATE_FIELDS);
  const { revision } = template;
  return {
    metadata: {
      ...(revision === undefined ? {} : { name: revision }),
      ...filled('labels', messageOf(template['labels'])),
      ...filled('annotations', {
        ...messageOf(template['annotations']),
        ...annotations,
        ...clientAnnotations(pool),
      }),
    },
    spec,
  };
}

function templateToV2(template: Message): Message {
  const metadata = messageOf(template['metadata']);
  const annotations = messageOf(metadata['annotations']);
  const labels = ownEntries(metadata['labels']);
  const own = ownEntries(annotations);
  const { name } = metadata;
  return {
    ...(name === undefined || name === '' ? {} : { revision: name }),
    ...(labels === undefined ? {} : { labels }),
    ...(own === undefined ? {} : { annotations: own }),
    ...workloadToV2({ spec: messageOf(template['spec']), annotations }, TEMPLATE_FIELDS),
  };
}

function splitToV1({ type, revision, percent }: Message): Message {
  return {
    ...(type === LATEST ? { latestRevision: true } : { revisionName: revision }),
    ...(percent === undefined ? {} : { percent }),
  };
}

function splitToV2({ revisionName, percent, latestRevision }: Message): Message {
  const isNamed = revisionName !== undefined && revisionName !== '' && latestRevision !== true;
  return {
    ...(isNamed ? { type: REVISION, revision: revisionName } : { type: LATEST }),
    ...(percent === undefined || percent === 0 ? {} : { percent }),
  };
}
