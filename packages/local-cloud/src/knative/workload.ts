import { choice, hours } from './codecs.ts';
import { addCloudSql, CLOUD_SQL, takeCloudSql } from './cloud-sql.ts';
import { containerAnnotations, withContainerAnnotations } from './container-annotations.ts';
import { CONTAINER, listUnlessEmpty, VOLUME } from './container.ts';
import {
  annotation,
  message,
  type Message,
  messageOf,
  pair,
  type Pair,
  same,
  toV1,
  toV2,
} from './mapping.ts';
import { networkInterfaces } from './network-interfaces.ts';
import { SECRETS, withAliases, withoutAliases } from './secret-aliases.ts';

/** What runs, as v1 says it: partly as a spec, partly as annotations of what the spec belongs to. */
export interface Workload {
  readonly spec: Message;
  readonly annotations: Message;
}

/** What revisions and tasks have in common: containers, volumes, and where they run. */
export const WORKLOAD_FIELDS: readonly Pair[] = [
  pair('spec.serviceAccountName', 'serviceAccount'),
  pair('spec.containers', 'containers', listUnlessEmpty(message(CONTAINER))),
  pair('spec.volumes', 'volumes', listUnlessEmpty(message(VOLUME))),
  {
    v1: ['spec', 'nodeSelector', 'run.googleapis.com/accelerator'],
    v2: ['nodeSelector', 'accelerator'],
    codec: same,
  },
  annotation('run.googleapis.com/vpc-access-connector', 'vpcAccess.connector'),
  annotation(
    'run.googleapis.com/vpc-access-egress',
    'vpcAccess.egress',
    choice({
      all: 'ALL_TRAFFIC',
      'all-traffic': 'ALL_TRAFFIC',
      'private-ranges-only': 'PRIVATE_RANGES_ONLY',
    }),
  ),
  annotation('run.googleapis.com/network-interfaces', 'vpcAccess.networkInterfaces', networkInterfaces),
  annotation(
    'run.googleapis.com/execution-environment',
    'executionEnvironment',
    choice({ gen1: 'EXECUTION_ENVIRONMENT_GEN1', gen2: 'EXECUTION_ENVIRONMENT_GEN2' }),
  ),
  annotation('run.googleapis.com/encryption-key', 'encryptionKey'),
  annotation(
    'run.googleapis.com/post-key-revocation-action-type',
    'encryptionKeyRevocationAction',
    choice({ 'prevent-new': 'PREVENT_NEW', 'shut-down': 'SHUTDOWN' }),
  ),
  annotation('run.googleapis.com/encryption-key-shutdown-hours', 'encryptionKeyShutdownDuration', hours),
];

/** Its own fields of a template, beside those that all workloads have. */
export function workloadToV1(template: Message, own: readonly Pair[]): Workload {
  const sql = takeCloudSql(template);
  const { metadata, spec } = toV1([...WORKLOAD_FIELDS, ...own], sql.template);
  const secrets = withAliases(messageOf(spec));
  return {
    spec: secrets.spec,
    annotations: {
      ...messageOf(messageOf(metadata)['annotations']),
      ...containerAnnotations(template),
      ...(sql.annotation === undefined ? {} : { [CLOUD_SQL]: sql.annotation }),
      ...(secrets.annotation === undefined ? {} : { [SECRETS]: secrets.annotation }),
    },
  };
}

export function workloadToV2({ spec, annotations }: Workload, own: readonly Pair[]): Message {
  const named = withoutAliases(spec, annotations[SECRETS]);
  const template = toV2([...WORKLOAD_FIELDS, ...own], { spec: named, metadata: { annotations } });
  return addCloudSql(withContainerAnnotations(template, annotations), annotations[CLOUD_SQL]);
}
