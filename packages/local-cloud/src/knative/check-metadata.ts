import { projectNumber, placeOf } from '../control/names.ts';
import { violationAt } from './knative-error.ts';
import { type Message, messageOf, textOf } from './mapping.ts';
import { isSystemKey } from './metadata.ts';

/** Annotations of the system that may be read and written back and mean nothing to this API: it writes them itself, or has no use for them. */
const IGNORED = new Set([
  'operation-id',
  'urls',
  'ingress-status',
  'creator',
  'lastModifier',
  'build-id',
  'gc-traffic-tags',
  'satisfiesPzs',
  'supportsPzs',
  'multi-region-id',
  'identity',
  'enable-workload-certificate',
  'mesh-dataplane',
  'overflow-scaling',
  'max-surge',
  'max-unavailable',
  'source-location',
  'function-target',
  'image-uri',
  'enable-automatic-updates',
  'threat-detection',
  'sources',
]);

/** Throws unless the body's metadata belongs to the resource that the path names; an absent name is filled in by no one. */
export function checkMetadata(
  body: Message,
  { parent, name }: { readonly parent: string; readonly name: string },
): void {
  const metadata = messageOf(body['metadata']);
  const { project } = placeOf(parent);
  const { namespace } = metadata;
  if (metadata['name'] !== name)
    throw violationAt(
      'metadata.name',
      `must be '${name}' as the request's path says, got '${textOf(metadata['name'])}'.`,
    );
  if (
    namespace !== undefined &&
    namespace !== '' &&
    namespace !== project &&
    namespace !== projectNumber(project)
  )
    throw violationAt(
      'metadata.namespace',
      `must be the project's id or number, '${project}' or '${projectNumber(project)}', got '${textOf(namespace)}'.`,
    );
}

/** Throws for an annotation in a namespace of the system that the kind does not have. */
export function checkAnnotations(
  at: string,
  annotations: unknown,
  { kind, known }: { readonly kind: string; readonly known: ReadonlySet<string> },
): void {
  for (const key of Object.keys(messageOf(annotations))) {
    const isIgnored = key.startsWith('serving.knative.dev/') || IGNORED.has(key.slice(key.indexOf('/') + 1));
    if (isSystemKey(key) && !known.has(key) && !isIgnored)
      throw violationAt(
        `${at}[${key}]`,
        `Annotation '${key}' is not supported on resources of kind '${kind}'.`,
      );
  }
}
