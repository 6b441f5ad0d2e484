import { shortName } from '../control/names.ts';
import type { ApiReply, Route } from '../http/route.ts';
import { type Handle, type KnativeCloud, located, namespaced, type Target } from './knative-route.ts';
import { listReply } from './list-reply.ts';
import { type Message, listOf, messageOf, textOf } from './mapping.ts';
import { viewService, viewServices } from './services-api.ts';

const GROUP = 'serving.knative.dev';

/** Configurations and routes, which in Knative stand behind a service: read-only views of it. Domain mappings are known and there are none. */
export function viewRoutes(cloud: KnativeCloud): readonly Route[] {
  return [
    ...views(cloud, { plural: 'configurations', kind: 'Configuration', view: configurationOf }),
    ...views(cloud, { plural: 'routes', kind: 'Route', view: routeOf }),
    ...both(cloud, ['domains.cloudrun.com', 'domainmappings'], ({ request }) =>
      listReply(request, { apiVersion: 'domains.cloudrun.com/v1', kind: 'DomainMappingList' }, []),
    ),
    ...both(cloud, ['domains.cloudrun.com', 'authorizeddomains'], () => ({ status: 200, body: {} })),
  ];
}

interface View {
  readonly plural: string;
  readonly kind: string;
  readonly view: (service: Message) => Message;
}

function views(cloud: KnativeCloud, { plural, kind, view }: View): readonly Route[] {
  const as = (service: Message) => asKind(view(service), { plural, kind });
  return [
    ...both(cloud, [GROUP, plural], ({ request, parent }: Target): ApiReply => {
      const list = { apiVersion: `${GROUP}/v1`, kind: `${kind}List` };
      return listReply(request, list, viewServices(cloud, parent).map(as));
    }),
    ...both(cloud, [GROUP, `${plural}/*`], ({ parent, name }) => ({
      status: 200,
      body: as(viewService(cloud, `${parent}/services/${name}`)),
    })),
  ];
}

function both(
  cloud: KnativeCloud,
  [group, path]: readonly [string, string],
  handle: Handle,
): readonly Route[] {
  return [namespaced(cloud, ['GET', group, path], handle), located(cloud, ['GET', path], handle)];
}

function asKind(
  service: Message,
  { plural, kind }: { readonly plural: string; readonly kind: string },
): Message {
  const metadata = messageOf(service['metadata']);
  const name = textOf(metadata['name']);
  return {
    ...service,
    kind,
    metadata: {
      ...metadata,
      selfLink: textOf(metadata['selfLink']).replace('/services/', `/${plural}/`),
      labels: { ...messageOf(metadata['labels']), 'serving.knative.dev/service': shortName(name) },
    },
  };
}

function configurationOf(service: Message): Message {
  const { observedGeneration, latestCreatedRevisionName, latestReadyRevisionName, conditions } = messageOf(
    service['status'],
  );
  return {
    ...service,
    spec: { template: messageOf(service['spec'])['template'] },
    status: {
      ...(observedGeneration === undefined ? {} : { observedGeneration }),
      conditions: readyOf(conditions, 'ConfigurationsReady'),
      ...(latestCreatedRevisionName === undefined ? {} : { latestCreatedRevisionName }),
      ...(latestReadyRevisionName === undefined ? {} : { latestReadyRevisionName }),
    },
  };
}

function routeOf(service: Message): Message {
  const { observedGeneration, conditions, traffic, url, address } = messageOf(service['status']);
  return {
    ...service,
    spec: { traffic: messageOf(service['spec'])['traffic'] },
    status: {
      ...(observedGeneration === undefined ? {} : { observedGeneration }),
      conditions: readyOf(conditions, 'RoutesReady'),
      ...(traffic === undefined ? {} : { traffic }),
      ...(url === undefined ? {} : { url, address }),
    },
  };
}

/** The part's own condition, which is the service's for that part. */
function readyOf(conditions: unknown, type: string): readonly Message[] {
  return listOf(conditions)
    .map(messageOf)
    .filter((condition) => condition['type'] === type)
    .map((condition) => ({ ...condition, type: 'Ready' }));
}
