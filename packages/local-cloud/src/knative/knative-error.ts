import { CloudError } from '../control/cloud-error.ts';

/** Fields of v2 as violations name them, and what v1 calls them; the first that fits counts. */
const PATHS: readonly (readonly [RegExp, string])[] = [
  [/^(?:service|job|worker_pool)_id$/, 'metadata.name'],
  [/^(?:service|job|worker_pool)\.labels/, 'metadata.labels'],
  [/^(?:service|job|worker_pool)\.annotations/, 'metadata.annotations'],
  [/^service\.description$/, 'metadata.annotations[run.googleapis.com/description]'],
  [/^job\.template\.template\.max_retries$/, 'spec.template.spec.template.spec.maxRetries'],
  [/^job\.template\.template\.timeout$/, 'spec.template.spec.template.spec.timeoutSeconds'],
  [/^job\.template\.template/, 'spec.template.spec.template.spec'],
  [/^job\.template\.task_count$/, 'spec.template.spec.taskCount'],
  [/^service\.template\.revision$/, 'spec.template.metadata.name'],
  [/^service\.template\.(?=labels|annotations)/, 'spec.template.metadata.'],
  [/^service\.template\.timeout$/, 'spec.template.spec.timeoutSeconds'],
  [/^service\.template\.max_instance_request_concurrency$/, 'spec.template.spec.containerConcurrency'],
  [
    /^service\.template\.scaling\.min_instance_count$/,
    'spec.template.metadata.annotations[autoscaling.knative.dev/minScale]',
  ],
  [
    /^service\.template\.scaling\.max_instance_count$/,
    'spec.template.metadata.annotations[autoscaling.knative.dev/maxScale]',
  ],
  [/^service\.template\.(?=containers|volumes)/, 'spec.template.spec.'],
  [/^service\.traffic/, 'spec.traffic'],
  [/^worker_pool\.instance_splits/, 'spec.instanceSplits'],
  [/^worker_pool\.template\.(?=containers|volumes)/, 'spec.template.spec.'],
  [/^(?:service|job|worker_pool)\./, 'spec.'],
];

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/\.container_port$/, '.containerPort'],
  [/\.revision$/, '.revisionName'],
  [/\.value_source\.secret_key_ref\.secret$/, '.valueFrom.secretKeyRef.name'],
];

/** The refusal in the words of v1: a violation names the field as v1 does. */
export function inWordsOfV1(refusal: CloudError): CloudError {
  const found = /^Violation in \w+\.([^ ]+): (.*)$/s.exec(refusal.message);
  if (found === null) return refusal;
  const [, path = '', description = ''] = found;
  return violationAt(replacedBy(NAMES, replacedBy(PATHS, path)), description);
}

/** A violation of a field of v1: gcloud prints the field and the description. */
export function violationAt(field: string, description: string): CloudError {
  return new CloudError('INVALID_ARGUMENT', `${field}: ${description}`, [
    {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: [{ field, description }],
    },
  ]);
}

function replacedBy(table: typeof PATHS, path: string): string {
  const [pattern, replacement] = table.find(([candidate]) => candidate.test(path)) ?? [];
  return pattern === undefined || replacement === undefined ? path : path.replace(pattern, replacement);
}
