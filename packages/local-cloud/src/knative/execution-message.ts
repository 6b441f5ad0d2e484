import { placeOf, shortName } from '../control/names.ts';
import { conditionsToV1 } from './conditions.ts';
import { authors } from './job-message.ts';
import { type Message, pair, type Pair, toV1, textOf } from './mapping.ts';
import { metadataOf } from './metadata.ts';
import { type Client, clientAnnotations } from './revision-template.ts';
import { executionSpecToV1 } from './task-template.ts';

const EXECUTIONS = { group: 'run.googleapis.com', plural: 'executions' } as const;

/** What v1 says of an execution and v2 of its job. */
export interface ExecutionOwner extends Client {
  readonly uid?: string;
  readonly generation?: number;
  readonly updateMicros?: number;
}

const COUNTS: readonly Pair[] = [
  pair('startTime', 'startTime'),
  pair('completionTime', 'completionTime'),
  ...['runningCount', 'succeededCount', 'failedCount', 'cancelledCount', 'retriedCount'].map((count) =>
    pair(count, count),
  ),
];

/** `run.googleapis.com/v1` Execution of an execution as v2's GET answers it. */
export function executionToV1(execution: Message, owner: ExecutionOwner): Message {
  const { spec, annotations } = executionSpecToV1(execution);
  const job = textOf(execution['job']);
  return {
    apiVersion: 'run.googleapis.com/v1',
    kind: 'Execution',
    metadata: {
      ...metadataOf(EXECUTIONS, execution, {
        labels: ownerLabels(job, owner),
        annotations: { ...annotations, ...clientAnnotations(owner), ...authors(execution) },
      }),
      ownerReferences: [
        {
          apiVersion: 'serving.knative.dev/v1',
          kind: 'Job',
          name: job,
          ...(owner.uid === undefined ? {} : { uid: owner.uid }),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec,
    status: {
      observedGeneration: Number(execution['observedGeneration']),
      conditions: conditionsToV1(execution['conditions']),
      ...toV1(COUNTS, execution),
      logUri: logUri(textOf(execution['name']), job),
    },
  };
}

function ownerLabels(job: string, { uid, generation, updateMicros }: ExecutionOwner): Message {
  return {
    'run.googleapis.com/job': job,
    ...(uid === undefined ? {} : { 'run.googleapis.com/jobUid': uid }),
    ...(generation === undefined ? {} : { 'run.googleapis.com/jobGeneration': String(generation) }),
    ...(updateMicros === undefined ? {} : { 'run.googleapis.com/jobResourceVersion': String(updateMicros) }),
  };
}

function logUri(name: string, job: string): string {
  const { project, location } = placeOf(name);
  const filter = [
    'resource.type="cloud_run_job"',
    `resource.labels.job_name="${job}"`,
    `resource.labels.location="${location}"`,
    `labels."run.googleapis.com/execution_name"="${shortName(name)}"`,
  ].join('\n');
  return `https://console.cloud.google.com/logs/viewer?project=${project}&advancedFilter=${encodeURIComponent(filter)}`;
}
