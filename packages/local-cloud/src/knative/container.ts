import { choice, commaList } from './codecs.ts';
import { type Codec, list, message, type Message, messageOf, pair, type Pair, put, at } from './mapping.ts';

const PROBE: readonly Pair[] = [
  pair('initialDelaySeconds', 'initialDelaySeconds'),
  pair('timeoutSeconds', 'timeoutSeconds'),
  pair('periodSeconds', 'periodSeconds'),
  pair('failureThreshold', 'failureThreshold'),
  pair(
    'httpGet',
    'httpGet',
    message([pair('path', 'path'), pair('port', 'port'), pair('httpHeaders', 'httpHeaders')]),
  ),
  pair('tcpSocket', 'tcpSocket', message([pair('port', 'port')])),
  pair('grpc', 'grpc', message([pair('port', 'port'), pair('service', 'service')])),
];

const ENV: readonly Pair[] = [
  pair('name', 'name'),
  pair('value', 'value'),
  pair('valueFrom.secretKeyRef.name', 'valueSource.secretKeyRef.secret'),
  pair('valueFrom.secretKeyRef.key', 'valueSource.secretKeyRef.version'),
];

/** A container; what v1 says of it in annotations of the revision is not here. */
export const CONTAINER: readonly Pair[] = [
  pair('name', 'name', textUnlessEmpty()),
  pair('image', 'image'),
  pair('command', 'command', listUnlessEmpty()),
  pair('args', 'args', listUnlessEmpty()),
  pair('env', 'env', listUnlessEmpty(message(ENV))),
  pair('resources.limits', 'resources.limits'),
  pair(
    'ports',
    'ports',
    listUnlessEmpty(message([pair('name', 'name'), pair('containerPort', 'containerPort')])),
  ),
  pair(
    'volumeMounts',
    'volumeMounts',
    listUnlessEmpty(
      message([pair('name', 'name'), pair('mountPath', 'mountPath'), pair('subPath', 'subPath')]),
    ),
  ),
  pair('workingDir', 'workingDir', textUnlessEmpty()),
  pair('livenessProbe', 'livenessProbe', message(PROBE)),
  pair('readinessProbe', 'readinessProbe', message(PROBE)),
  pair('startupProbe', 'startupProbe', message(PROBE)),
];

const GCS_DRIVER = 'gcsfuse.run.googleapis.com';

/** A bucket is a volume of its own in v2 and one of the drivers of `csi` in v1. */
const bucket: Codec = {
  toV1: (value) => {
    const { bucket: name, readOnly, mountOptions } = messageOf(value);
    return {
      driver: GCS_DRIVER,
      ...(readOnly === undefined ? {} : { readOnly }),
      volumeAttributes: {
        bucketName: name,
        ...(mountOptions === undefined ? {} : { mountOptions: commaList.toV1(mountOptions) }),
      },
    };
  },
  toV2: (value) => {
    const { driver, readOnly, volumeAttributes } = messageOf(value);
    if (driver !== GCS_DRIVER) return undefined;
    const { bucketName, mountOptions } = messageOf(volumeAttributes);
    return {
      bucket: bucketName,
      ...(readOnly === undefined ? {} : { readOnly }),
      ...(mountOptions === undefined ? {} : { mountOptions: commaList.toV2(mountOptions) }),
    };
  },
};

const SECRET: readonly Pair[] = [
  pair('secretName', 'secret'),
  pair('items', 'items', list(message([pair('key', 'version'), pair('path', 'path'), pair('mode', 'mode')]))),
  pair('defaultMode', 'defaultMode'),
];

export const VOLUME: readonly Pair[] = [
  pair('name', 'name'),
  pair('secret', 'secret', message(SECRET)),
  pair(
    'emptyDir',
    'emptyDir',
    message([pair('medium', 'medium', choice({ Memory: 'MEMORY' })), pair('sizeLimit', 'sizeLimit')]),
  ),
  pair('nfs', 'nfs', message([pair('server', 'server'), pair('path', 'path'), pair('readOnly', 'readOnly')])),
  pair('csi', 'gcs', bucket),
];

/** Every container of a template changed in the same way. */
export function mapContainers(
  template: Message,
  path: readonly string[],
  change: (container: Message, index: number) => Message,
): Message {
  const containers = at(template, path);
  if (!Array.isArray(containers)) return template;
  return put(
    template,
    path,
    containers.map((container: unknown, index) => change(messageOf(container), index)),
  );
}

function textUnlessEmpty(): Codec {
  const said = (value: unknown) => (value === '' ? undefined : value);
  return { toV1: said, toV2: said };
}

export function listUnlessEmpty(item?: Codec): Codec {
  const inner = item === undefined ? undefined : list(item);
  const said = (convert: (value: unknown) => unknown) => (value: unknown) =>
    Array.isArray(value) && value.length === 0 ? undefined : convert(value);
  return { toV1: said(inner?.toV1 ?? ((value) => value)), toV2: said(inner?.toV2 ?? ((value) => value)) };
}

/** What a run says for itself of a container. */
export const CONTAINER_OVERRIDE: readonly Pair[] = [
  pair('name', 'name', textUnlessEmpty()),
  pair('args', 'args', listUnlessEmpty()),
  pair('env', 'env', listUnlessEmpty(message(ENV))),
  pair('clearArgs', 'clearArgs'),
];
