import { longSeconds } from './codecs.ts';
import { type Message, messageOf, pair, type Pair, toV1, toV2 } from './mapping.ts';
import { ownEntries } from './metadata.ts';
import { type Client, clientAnnotations, filled } from './revision-template.ts';
import { type Workload, workloadToV1, workloadToV2 } from './workload.ts';

const TASK_FIELDS: readonly Pair[] = [
  pair('spec.maxRetries', 'maxRetries'),
  pair('spec.timeoutSeconds', 'timeout', longSeconds),
];

const EXECUTION_FIELDS: readonly Pair[] = [
  pair('spec.parallelism', 'parallelism'),
  pair('spec.taskCount', 'taskCount'),
];

/** The spec and the system's annotations of what a task runs. */
export function taskToV1(template: Message): Workload {
  return workloadToV1(template, TASK_FIELDS);
}

/** The spec of an execution and the system's annotations of what its tasks run. */
export function executionSpecToV1(execution: Message): Workload {
  const { spec, annotations } = taskToV1(messageOf(execution['template']));
  return {
    spec: { ...messageOf(toV1(EXECUTION_FIELDS, execution)['spec']), template: { spec } },
    annotations,
  };
}

export function executionTemplateToV1(template: Message, client: Client): Message {
  const { spec, annotations } = executionSpecToV1(template);
  const own = messageOf(template['annotations']);
  return {
    metadata: {
      ...filled('labels', messageOf(template['labels'])),
      ...filled('annotations', { ...own, ...annotations, ...clientAnnotations(client) }),
    },
    spec,
  };
}

/** `maxRetries` of 0 is kept apart from none: none means three. */
export function executionTemplateToV2(template: Message): Message {
  const metadata = messageOf(template['metadata']);
  const annotations = messageOf(metadata['annotations']);
  const spec = messageOf(template['spec']);
  const task = messageOf(messageOf(spec['template'])['spec']);
  const labels = ownEntries(metadata['labels']);
  const own = ownEntries(annotations);
  return {
    ...(labels === undefined ? {} : { labels }),
    ...(own === undefined ? {} : { annotations: own }),
    ...toV2(EXECUTION_FIELDS, { spec }),
    template: workloadToV2({ spec: task, annotations }, TASK_FIELDS),
  };
}
