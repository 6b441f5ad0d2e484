import { placeOf, shortName } from '../control/names.ts';
import { conditionsToV1 } from './conditions.ts';
import { type Message, messageOf, textOf } from './mapping.ts';
import { metadataOf } from './metadata.ts';
import { type Client, clientAnnotations, revisionParts } from './revision-template.ts';

export const REVISIONS = { group: 'serving.knative.dev', plural: 'revisions' } as const;

/** What v1 says of a revision and v2 of its service. */
export interface RevisionOwner extends Client {
  readonly uid?: string;
  readonly operation?: string;
  /** The generation that brought the revision. */
  readonly generation?: number;
}

/** `serving.knative.dev/v1` Revision of a revision as v2's GET answers it. */
export function revisionToV1(revision: Message, owner: RevisionOwner): Message {
  const { spec, labels, annotations } = revisionParts(revision);
  const service = textOf(revision['service']);
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Revision',
    metadata: {
      ...metadataOf(REVISIONS, revision, {
        labels: { ...labels, ...ownerLabels(service, owner) },
        annotations: {
          ...annotations,
          ...clientAnnotations(owner),
          ...(owner.operation === undefined
            ? {}
            : { 'run.googleapis.com/operation-id': shortName(owner.operation) }),
          'serving.knative.dev/creator': revision['creator'],
        },
      }),
      ownerReferences: [
        {
          apiVersion: 'serving.knative.dev/v1',
          kind: 'Configuration',
          name: service,
          ...(owner.uid === undefined ? {} : { uid: owner.uid }),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec,
    status: {
      observedGeneration: Number(revision['observedGeneration']),
      conditions: conditionsToV1(revision['conditions']),
      logUrl: logUrl(textOf(revision['name']), service),
      ...imageDigest(spec),
    },
  };
}

function ownerLabels(service: string, { uid, generation }: RevisionOwner): Message {
  return {
    'serving.knative.dev/configuration': service,
    ...(generation === undefined
      ? {}
      : { 'serving.knative.dev/configurationGeneration': String(generation) }),
    'serving.knative.dev/route': service,
    'serving.knative.dev/service': service,
    ...(uid === undefined ? {} : { 'serving.knative.dev/serviceUid': uid }),
  };
}

/** Known where the image is named by its digest: tags are not resolved here. */
function imageDigest(spec: Message): Message {
  const [first] = Array.isArray(spec['containers']) ? spec['containers'].map(messageOf) : [];
  const image = textOf(first?.['image']);
  return image.includes('@sha256:') ? { imageDigest: image } : {};
}

function logUrl(name: string, service: string): string {
  const revision = shortName(name);
  const filter = [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name="${service}"`,
    `resource.labels.revision_name="${revision}"`,
  ].join('\n');
  const resource = `cloud_run_revision/service_name/${service}/revision_name/${revision}`;
  return `https://console.cloud.google.com/logs/viewer?project=${placeOf(name).project}&resource=${resource}&advancedFilter=${encodeURIComponent(filter)}`;
}
