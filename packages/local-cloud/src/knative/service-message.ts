import { shortName } from '../control/names.ts';
import { LATEST, REVISION, type Service } from '../control/resources.ts';
import { conditionsToV1 } from './conditions.ts';
import { type Message, listOf, messageOf, toV1, toV2, textOf } from './mapping.ts';
import { metadataOf, ownEntries } from './metadata.ts';
import { templateToV1, templateToV2 } from './revision-template.ts';
import { serviceAnnotations, SERVICE_FIELDS } from './service-annotations.ts';

const SERVICES = { group: 'serving.knative.dev', plural: 'services' } as const;

/** `serving.knative.dev/v1` Service of a service as v2's GET answers it; `operation` is the full name of its last write. */
export function serviceToV1(service: Message, operation?: string): Message {
  const { labels, annotations } = messageOf(toV1(SERVICE_FIELDS, service)['metadata']);
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: metadataOf(SERVICES, service, {
      labels: messageOf(labels),
      annotations: { ...messageOf(annotations), ...serviceAnnotations(service, operation) },
    }),
    spec: {
      template: templateToV1(messageOf(service['template']), service),
      traffic: listOf(service['traffic']).map((target) => targetToV1(messageOf(target))),
    },
    status: statusToV1(service),
  };
}

/** The fields of a v2 Service that a writer of v1 may write; the name is not among them. */
export function serviceToV2({ metadata, spec }: Message): Service {
  const { labels, annotations } = messageOf(metadata);
  const { template, traffic } = messageOf(spec);
  const fields = toV2(SERVICE_FIELDS, { metadata });
  const ownLabels = ownEntries(labels);
  const ownAnnotations = ownEntries(annotations);
  return {
    ingress: 'INGRESS_TRAFFIC_ALL',
    launchStage: 'GA',
    ...fields,
    ...(ownLabels === undefined ? {} : { labels: ownLabels }),
    ...(ownAnnotations === undefined ? {} : { annotations: ownAnnotations }),
    ...(template === undefined ? {} : { template: templateToV2(messageOf(template)) }),
    ...(listOf(traffic).length === 0
      ? {}
      : { traffic: listOf(traffic).map((target) => targetToV2(messageOf(target))) }),
  } as Service;
}

function targetToV1({ type, revision, percent, tag }: Message): Message {
  return {
    ...(type === LATEST ? { latestRevision: true } : { revisionName: revision }),
    ...(percent === undefined ? {} : { percent }),
    ...(tag === undefined ? {} : { tag }),
  };
}

function targetToV2({ latestRevision, revisionName, percent, tag }: Message): Message {
  const isNamed = revisionName !== undefined && revisionName !== '' && latestRevision !== true;
  return {
    ...(isNamed ? { type: REVISION, revision: revisionName } : { type: LATEST }),
    ...(percent === undefined || percent === 0 ? {} : { percent }),
    ...(tag === undefined || tag === '' ? {} : { tag }),
  };
}

function statusToV1(service: Message): Message {
  const { uri, latestReadyRevision, latestCreatedRevision } = service;
  const observed = observedGenerationOf(service);
  const ready = latestReadyRevision === undefined ? undefined : shortName(textOf(latestReadyRevision));
  return {
    ...(observed === undefined ? {} : { observedGeneration: Number(observed) }),
    conditions: conditionsToV1([service['terminalCondition'], ...configurationsFirst(service['conditions'])]),
    ...(ready === undefined ? {} : { latestReadyRevisionName: ready }),
    ...(latestCreatedRevision === undefined
      ? {}
      : { latestCreatedRevisionName: shortName(textOf(latestCreatedRevision)) }),
    ...(service['trafficStatuses'] === undefined
      ? {}
      : {
          traffic: listOf(service['trafficStatuses']).map((target) => liveTarget(messageOf(target), ready)),
        }),
    ...(uri === undefined ? {} : { url: uri, address: { url: uri } }),
  };
}

/** v2 says what generation serves, v1 which one the conditions are about: a failed one, too, as who waits for it must learn. */
function observedGenerationOf({ reconciling, observedGeneration, generation }: Message): unknown {
  return reconciling === true ? observedGeneration : generation;
}

/** v1 lists the configurations before the routes. */
function configurationsFirst(conditions: unknown): readonly Message[] {
  return listOf(conditions)
    .map(messageOf)
    .sort((a, b) => textOf(a['type']).localeCompare(textOf(b['type'])));
}

/** v1 names the revision that the newest one stands for. */
function liveTarget(target: Message, ready: string | undefined): Message {
  const { uri } = target;
  return {
    ...(target['type'] === LATEST && ready !== undefined ? { revisionName: ready } : {}),
    ...targetToV1(target),
    ...(uri === undefined ? {} : { url: uri }),
  };
}
