import { commaList } from './codecs.ts';
import { listOf, type Message, messageOf } from './mapping.ts';
import { mapContainers } from './container.ts';

/** Cloud SQL instances are an annotation in v1 and a volume of their own in v2, mounted where the proxy's sockets are. */
export const CLOUD_SQL = 'run.googleapis.com/cloudsql-instances';
const VOLUME = 'cloudsql';
const MOUNT = { name: VOLUME, mountPath: '/cloudsql' };

/** The v2 template without its Cloud SQL volumes, and what the annotation says of them. */
export function takeCloudSql(template: Message): {
  readonly template: Message;
  readonly annotation?: string;
} {
  const volumes = listOf(template['volumes']).map(messageOf);
  const own = volumes.filter(({ cloudSqlInstance }) => cloudSqlInstance !== undefined);
  if (own.length === 0) return { template };
  const names = new Set(own.map(({ name }) => name));
  const instances = own.flatMap(({ cloudSqlInstance }) => listOf(messageOf(cloudSqlInstance)['instances']));
  const left = volumes.filter((volume) => !own.includes(volume));
  const unmounted = mapContainers(template, ['containers'], (container) =>
    withList(
      container,
      'volumeMounts',
      listOf(container['volumeMounts']).filter((mount) => !names.has(messageOf(mount)['name'])),
    ),
  );
  return { template: withList(unmounted, 'volumes', left), annotation: String(commaList.toV1(instances)) };
}

export function addCloudSql(template: Message, annotation: unknown): Message {
  const instances = annotation === undefined ? [] : listOf(commaList.toV2(annotation));
  if (instances.length === 0) return template;
  const mounted = mapContainers(template, ['containers'], (container) =>
    withList(container, 'volumeMounts', [...listOf(container['volumeMounts']), MOUNT]),
  );
  return withList(mounted, 'volumes', [
    ...listOf(template['volumes']),
    { name: VOLUME, cloudSqlInstance: { instances } },
  ]);
}

function withList(owner: Message, field: string, items: readonly unknown[]): Message {
  const others = Object.fromEntries(Object.entries(owner).filter(([name]) => name !== field));
  return items.length === 0 ? others : { ...others, [field]: items };
}
