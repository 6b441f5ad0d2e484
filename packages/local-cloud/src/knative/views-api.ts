import { shortName } from '../control/names.ts';
import type { ApiReply, Route } from '../http/route.ts';
import { byBothPaths, type KnativeCloud, type Target } from './knative-route.ts';
import { listReply } from './list-reply.ts';
import { type Message, listOf, messageOf, textOf } from './mapping.ts';
import { viewService, viewServices } from './services-api.ts';

const GROUP = 'serving.knative.dev';

/** Configurations and routes, which in Knative stand behind a service: read-only views of it. Domain mappings are known and there are none. */
export function viewRoutes(cloud: KnativeCloud): readonly Route[] {
  const mappings = { rpc: 'DomainMappings.ListDomainMappings', permission: 'run.domainmappings.list' };
  return [
    ...views(cloud, { plural: 'configurations', kind: 'Configuration', view: configurationOf }),
    ...views(cloud, { plural: 'routes', kind: 'Route', view: routeOf }),
    ...byBothPaths(cloud, 'domains.cloudrun.com', [
      [
        { method: 'GET', path: 'domainmappings', ...mappings },
        ({ request }) =>
          listReply(request, { apiVersion: 'domains.cloudrun.com/v1', kind: 'DomainMappingList' }, []),
      ],
      [
        { method: 'GET', path: 'authorizeddomains', rpc: 'AuthorizedDomains.ListAuthorizedDomains' },
        () => ({ status: 200, body: {} }),
      ],
    ]),
  ];
}

interface View {
  readonly plural: string;
  readonly kind: string;
  readonly view: (service: Message) => Message;
}

function views(cloud: KnativeCloud, { plural, kind, view }: View): readonly Route[] {
  const as = (service: Message) => asKind(view(service), { plural, kind });
  const list = ({ request, parent }: Target): ApiReply =>
    listReply(
      request,
      { apiVersion: `${GROUP}/v1`, kind: `${kind}List` },
      viewServices(cloud, parent).map(as),
    );
  return byBothPaths(cloud, GROUP, [
    [{ method: 'GET', path: plural, rpc: `${kind}s.List${kind}s`, permission: `run.${plural}.list` }, list],
    [
      { method: 'GET', path: `${plural}/*`, rpc: `${kind}s.Get${kind}`, permission: `run.${plural}.get` },
      ({ parent, name }) => ({ status: 200, body: as(viewService(cloud, `${parent}/services/${name}`)) }),
    ],
  ]);
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
