import { shortName } from '../control/names.ts';
import { choice, commaList, flag, jsonText, wholeNumber } from './codecs.ts';
import { annotation, type Codec, type Message, type Pair, same } from './mapping.ts';

const INGRESS = {
  all: 'INGRESS_TRAFFIC_ALL',
  internal: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
  'internal-and-cloud-load-balancing': 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
  none: 'INGRESS_TRAFFIC_NONE',
};
const ingress = choice(INGRESS);

/** What is generally available is not said to be so. */
const launchStage: Codec = {
  toV1: (stage) => (stage === 'GA' ? undefined : stage),
  toV2: same.toV2,
};

/** `default` or the name of a policy. */
const binaryAuthorization: Codec = {
  toV1: same.toV1,
  toV2: (text) => (text === 'default' ? undefined : text),
};
const defaultPolicy: Codec = {
  toV1: (isDefault) => (isDefault === true ? 'default' : undefined),
  toV2: (text) => (text === 'default' ? true : undefined),
};

/** What services and jobs have in common. */
export const RESOURCE_FIELDS: readonly Pair[] = [
  annotation('run.googleapis.com/client-name', 'client'),
  annotation('run.googleapis.com/client-version', 'clientVersion'),
  annotation('run.googleapis.com/launch-stage', 'launchStage', launchStage),
  annotation('run.googleapis.com/binary-authorization', 'binaryAuthorization.useDefault', defaultPolicy),
  annotation('run.googleapis.com/binary-authorization', 'binaryAuthorization.policy', binaryAuthorization),
  annotation(
    'run.googleapis.com/binary-authorization-breakglass',
    'binaryAuthorization.breakglassJustification',
  ),
];

/** The fields of a v2 service that v1 writes as annotations of the service. */
export const SERVICE_FIELDS: readonly Pair[] = [
  ...RESOURCE_FIELDS,
  annotation('run.googleapis.com/description', 'description'),
  annotation('run.googleapis.com/ingress', 'ingress', ingress),
  annotation('run.googleapis.com/custom-audiences', 'customAudiences', jsonText),
  annotation('run.googleapis.com/default-url-disabled', 'defaultUriDisabled', flag),
  annotation('run.googleapis.com/invoker-iam-disabled', 'invokerIamDisabled', flag),
  annotation('run.googleapis.com/iap-enabled', 'iapEnabled', flag),
  annotation('run.googleapis.com/minScale', 'scaling.minInstanceCount', wholeNumber),
  annotation('run.googleapis.com/maxScale', 'scaling.maxInstanceCount', wholeNumber),
  annotation('run.googleapis.com/manualInstanceCount', 'scaling.manualInstanceCount', wholeNumber),
  annotation(
    'run.googleapis.com/scalingMode',
    'scaling.scalingMode',
    choice({ automatic: 'AUTOMATIC', manual: 'MANUAL' }),
  ),
  annotation('run.googleapis.com/regions', 'multiRegionSettings.regions', commaList),
  annotation('run.googleapis.com/build-source-location', 'buildConfig.sourceLocation'),
  annotation('run.googleapis.com/build-function-target', 'buildConfig.functionTarget'),
  annotation('run.googleapis.com/build-image-uri', 'buildConfig.imageUri'),
  annotation('run.googleapis.com/build-base-image', 'buildConfig.baseImage'),
  annotation('run.googleapis.com/build-enable-automatic-updates', 'buildConfig.enableAutomaticUpdates', flag),
  annotation('run.googleapis.com/build-worker-pool', 'buildConfig.workerPool'),
  annotation('run.googleapis.com/build-environment-variables', 'buildConfig.environmentVariables', jsonText),
  annotation('run.googleapis.com/build-service-account', 'buildConfig.serviceAccount'),
  annotation('run.googleapis.com/build-name', 'buildConfig.name'),
];

/** The annotations that the API alone writes. */
export function serviceAnnotations(service: Message, operation: string | undefined): Message {
  const { creator, lastModifier, urls } = service;
  const ingressStatus = ingress.toV1(service['ingress']);
  return {
    ...(creator === undefined ? {} : { 'serving.knative.dev/creator': creator }),
    ...(lastModifier === undefined ? {} : { 'serving.knative.dev/lastModifier': lastModifier }),
    ...(ingressStatus === undefined ? {} : { 'run.googleapis.com/ingress-status': ingressStatus }),
    ...(operation === undefined ? {} : { 'run.googleapis.com/operation-id': shortName(operation) }),
    ...(urls === undefined ? {} : { 'run.googleapis.com/urls': jsonText.toV1(urls) }),
  };
}
