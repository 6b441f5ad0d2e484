import { CLOUD_SQL } from './cloud-sql.ts';
import { CONTAINER_ANNOTATIONS, CPU_ANNOTATIONS } from './container-annotations.ts';
import type { Pair } from './mapping.ts';
import { REVISION_FIELDS } from './revision-template.ts';
import { SECRETS } from './secret-aliases.ts';
import { RESOURCE_FIELDS, SERVICE_FIELDS } from './service-annotations.ts';
import { POOL_FIELDS } from './worker-pool-message.ts';
import { WORKLOAD_FIELDS } from './workload.ts';

const CLIENT = ['run.googleapis.com/client-name', 'run.googleapis.com/client-version'];
const WORKLOAD = [...keysOf(WORKLOAD_FIELDS), ...CONTAINER_ANNOTATIONS, CLOUD_SQL, SECRETS, ...CLIENT];

/** The annotations of the system that each kind has. */
export const KNOWN_ANNOTATIONS = {
  Service: new Set(keysOf(SERVICE_FIELDS)),
  Revision: new Set([...WORKLOAD, ...keysOf(REVISION_FIELDS), ...CPU_ANNOTATIONS]),
  Job: new Set(keysOf(RESOURCE_FIELDS)),
  WorkerPool: new Set([...keysOf(POOL_FIELDS), 'run.googleapis.com/scalingMode']),
  Execution: new Set(WORKLOAD),
} as const;

function keysOf(pairs: readonly Pair[]): readonly string[] {
  return pairs.flatMap(({ v1 }) => (v1[1] === 'annotations' ? [v1[2] ?? ''] : []));
}
