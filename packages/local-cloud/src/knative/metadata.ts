import { placeOf, projectNumber, shortName } from '../control/names.ts';
import { type Message, messageOf, textOf } from './mapping.ts';
import { microsOf, resourceVersionOf } from './resource-version.ts';

/** The group and the plural of a kind, as its paths have them. */
export interface Kind {
  readonly group: 'serving.knative.dev' | 'run.googleapis.com';
  readonly plural: string;
}

/** What every v1 resource says of itself; labels and annotations of the system come on top of the user's own. */
export function metadataOf(
  { group, plural }: Kind,
  resource: Message,
  system: { readonly labels?: Message; readonly annotations?: Message },
): Message {
  const name = textOf(resource['name']);
  const { project, location } = placeOf(name);
  const namespace = projectNumber(project);
  const annotations = { ...messageOf(resource['annotations']), ...system.annotations };
  return {
    name: shortName(name),
    namespace,
    selfLink: `/apis/${group}/v1/namespaces/${namespace}/${plural}/${shortName(name)}`,
    uid: resource['uid'],
    resourceVersion: resourceVersionOf(microsOf(textOf(resource['updateTime']))),
    generation: Number(resource['generation']),
    creationTimestamp: resource['createTime'],
    ...(resource['deleteTime'] === undefined ? {} : { deletionTimestamp: resource['deleteTime'] }),
    labels: {
      ...messageOf(resource['labels']),
      ...system.labels,
      'cloud.googleapis.com/location': location,
    },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}

const SYSTEM =
  /^(?:[^/]*\.)?(?:run\.googleapis\.com|cloud\.googleapis\.com|serving\.knative\.dev|autoscaling\.knative\.dev)\//;

/** The labels or annotations that are the user's own: all others are fields in v2, or the API's. */
export function ownEntries(map: unknown): Message | undefined {
  const entries = Object.entries(messageOf(map)).filter(([key]) => !SYSTEM.test(key));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

export function isSystemKey(key: string): boolean {
  return SYSTEM.test(key);
}
