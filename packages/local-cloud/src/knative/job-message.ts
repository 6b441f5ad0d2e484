import { shortName } from '../control/names.ts';
import type { Job } from '../control/resources.ts';
import { conditionsToV1 } from './conditions.ts';
import { type Message, messageOf, pair, type Pair, toV1, toV2 } from './mapping.ts';
import { metadataOf, ownEntries } from './metadata.ts';
import { RESOURCE_FIELDS } from './service-annotations.ts';
import { executionTemplateToV1, executionTemplateToV2 } from './task-template.ts';

const JOBS = { group: 'run.googleapis.com', plural: 'jobs' } as const;

const TOKENS: readonly Pair[] = [
  pair('spec.startExecutionToken', 'startExecutionToken'),
  pair('spec.runExecutionToken', 'runExecutionToken'),
];

/** `run.googleapis.com/v1` Job of a job as v2's GET answers it; `operation` is the full name of its last write. */
export function jobToV1(job: Message, operation?: string): Message {
  const { metadata } = toV1(RESOURCE_FIELDS, job);
  return {
    apiVersion: 'run.googleapis.com/v1',
    kind: 'Job',
    metadata: metadataOf(JOBS, job, {
      labels: { 'run.googleapis.com/lastUpdatedTime': job['updateTime'] },
      annotations: {
        ...messageOf(messageOf(metadata)['annotations']),
        ...authors(job),
        ...(operation === undefined ? {} : { 'run.googleapis.com/operation-id': shortName(operation) }),
      },
    }),
    spec: {
      template: executionTemplateToV1(messageOf(job['template']), job),
      ...messageOf(toV1(TOKENS, job)['spec']),
    },
    status: statusToV1(job),
  };
}

/** The fields of a v2 Job that a writer of v1 may write; the name is not among them. */
export function jobToV2({ metadata, spec }: Message): Job {
  const labels = ownEntries(messageOf(metadata)['labels']);
  const annotations = ownEntries(messageOf(metadata)['annotations']);
  const { template } = messageOf(spec);
  return {
    launchStage: 'GA',
    ...toV2([...RESOURCE_FIELDS, ...TOKENS], { metadata, spec }),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(template === undefined ? {} : { template: executionTemplateToV2(messageOf(template)) }),
  } as Job;
}

export function authors({ creator, lastModifier }: Message): Message {
  return {
    ...(creator === undefined ? {} : { 'run.googleapis.com/creator': creator }),
    ...(lastModifier === undefined ? {} : { 'run.googleapis.com/lastModifier': lastModifier }),
  };
}

const REFERENCE: readonly Pair[] = [
  pair('name', 'name'),
  pair('creationTimestamp', 'createTime'),
  pair('completionTimestamp', 'completionTime'),
  pair('deletionTimestamp', 'deleteTime'),
  pair('completionStatus', 'completionStatus'),
];

function statusToV1(job: Message): Message {
  const latest = toV1(REFERENCE, messageOf(job['latestCreatedExecution']));
  const { executionCount } = job;
  return {
    observedGeneration: Number(job['observedGeneration']),
    conditions: conditionsToV1([job['terminalCondition']]),
    ...(executionCount === undefined ? {} : { executionCount }),
    ...(Object.keys(latest).length === 0 ? {} : { latestCreatedExecution: latest }),
  };
}
