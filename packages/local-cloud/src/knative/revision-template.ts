import { flag, seconds, wholeNumber } from './codecs.ts';
import { cpuAnnotations, withCpuAnnotations } from './container-annotations.ts';
import { annotation, type Message, messageOf, pair, type Pair } from './mapping.ts';
import { ownEntries } from './metadata.ts';
import { probeType, withoutDefaultProbe } from './startup-probe-type.ts';
import { workloadToV1, workloadToV2 } from './workload.ts';

export const REVISION_FIELDS: readonly Pair[] = [
  pair('spec.containerConcurrency', 'maxInstanceRequestConcurrency'),
  pair('spec.timeoutSeconds', 'timeout', seconds),
  annotation('autoscaling.knative.dev/minScale', 'scaling.minInstanceCount', wholeNumber),
  annotation('autoscaling.knative.dev/maxScale', 'scaling.maxInstanceCount', wholeNumber),
  annotation('run.googleapis.com/sessionAffinity', 'sessionAffinity', flag),
  annotation('run.googleapis.com/health-check-disabled', 'healthCheckDisabled', flag),
  annotation('run.googleapis.com/gpu-zonal-redundancy-disabled', 'gpuZonalRedundancyDisabled', flag),
  annotation('run.googleapis.com/mesh', 'serviceMesh.mesh'),
];

/** What v1 says of the client that wrote a template, which v2 says of the service alone. */
export interface Client {
  readonly client?: unknown;
  readonly clientVersion?: unknown;
}

/** The spec and the system's labels and annotations of a v2 revision, or of the template of one. */
export function revisionParts(template: Message): {
  readonly spec: Message;
  readonly labels: Message;
  readonly annotations: Message;
} {
  const { spec, annotations } = workloadToV1(template, REVISION_FIELDS);
  return {
    spec,
    labels: { ...messageOf(template['labels']), ...probeType(template) },
    annotations: {
      ...messageOf(template['annotations']),
      ...annotations,
      ...cpuAnnotations(template),
    },
  };
}

export function templateToV1(template: Message, client: Client): Message {
  const { spec, labels, annotations } = revisionParts(template);
  const { revision } = template;
  return {
    metadata: {
      ...(revision === undefined ? {} : { name: revision }),
      ...filled('labels', labels),
      ...filled('annotations', { ...annotations, ...clientAnnotations(client) }),
    },
    spec,
  };
}

export function templateToV2(template: Message): Message {
  const metadata = messageOf(template['metadata']);
  const annotations = messageOf(metadata['annotations']);
  const workload = workloadToV2({ spec: messageOf(template['spec']), annotations }, REVISION_FIELDS);
  const labels = ownEntries(metadata['labels']);
  const own = ownEntries(annotations);
  const { name } = metadata;
  return {
    ...(name === undefined || name === '' ? {} : { revision: name }),
    ...(labels === undefined ? {} : { labels }),
    ...(own === undefined ? {} : { annotations: own }),
    ...withoutDefaultProbe(withCpuAnnotations(workload, annotations), metadata['labels']),
  };
}

export function clientAnnotations({ client, clientVersion }: Client): Message {
  return {
    ...(client === undefined ? {} : { 'run.googleapis.com/client-name': client }),
    ...(clientVersion === undefined ? {} : { 'run.googleapis.com/client-version': clientVersion }),
  };
}

export function filled(field: string, map: Message): Message {
  return Object.keys(map).length === 0 ? {} : { [field]: map };
}

/** Who wrote a service or a job last. */
export function clientOf(written: object | undefined): Client {
  const { client, clientVersion } = messageOf(written);
  return { client, clientVersion };
}
