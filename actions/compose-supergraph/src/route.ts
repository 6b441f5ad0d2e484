import { ActionFailure, InputError, settleAll } from '@fairlead/action-kit';
import type { CloudRun, ServiceName } from '@fairlead/cloud-run';
import type { SelectedDeployment } from '@fairlead/manifest-file';

import type { ComposeInputs, Routing } from './parse.ts';
import type { SubgraphUnit } from './read-subgraphs.ts';

/** How a URL comes to be known. */
export type Route =
  | { readonly kind: 'known'; readonly subgraph: string; readonly url: string }
  /** The URL of the live service with `path` appended. */
  | { readonly kind: 'ask'; readonly subgraph: string; readonly service: ServiceName; readonly path: string };

/** Where each subgraph is reached. What is written wins; when nothing is published nobody is asked. */
export function planRoutes(
  subgraphs: readonly SubgraphUnit[],
  { project, region }: Pick<SelectedDeployment, 'project' | 'region'>,
  inputs: Pick<ComposeInputs, 'publish' | 'routing' | 'routingUrls'>,
): readonly Route[] {
  const names = subgraphs.map(({ subgraph }) => subgraph.name);
  const unknown = Object.keys(inputs.routingUrls).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new InputError(
      `input "routing-urls" names subgraph "${unknown}", which the manifest does not have; expected ${names.join(', ') || 'none'}`,
    );
  return subgraphs.map(({ unit, subgraph }): Route => {
    const { name, path } = subgraph;
    const written = inputs.routingUrls[name] ?? subgraph.routingUrl;
    if (written !== undefined) return { kind: 'known', subgraph: name, url: written };
    if (!inputs.publish)
      return { kind: 'known', subgraph: name, url: `https://${unit.serviceName}.invalid${path}` };
    if (unit.kind === 'external')
      throw new ActionFailure(
        `unit "${unit.name}" is external, so its subgraph needs a "routing-url" in the manifest or an entry in input "routing-urls"`,
      );
    const service = { project, region, service: unit.serviceName };
    return routeOf(service, inputs.routing, { subgraph: name, path });
  });
}

function routeOf(
  service: ServiceName,
  routing: Routing,
  { subgraph, path }: { readonly subgraph: string; readonly path: string },
): Route {
  if (routing.kind === 'live') return { kind: 'ask', subgraph, service, path };
  const host = `${service.service}-${routing.projectNumber}.${service.region}.run.app`;
  return { kind: 'known', subgraph, url: `https://${host}${path}` };
}

/** Subgraph to URL. All services that do not exist are named at once. */
export async function resolveRoutes(
  routes: readonly Route[],
  cloud: Pick<CloudRun, 'getService'>,
): Promise<ReadonlyMap<string, string>> {
  const ended = await settleAll(routes, 10, async (route) =>
    route.kind === 'known' ? route.url : liveUrl(route, cloud),
  );
  const failed = ended.find((end) => end.kind === 'failed');
  if (failed !== undefined) throw failed.thrown;
  const missing = ended.flatMap((end) =>
    end.kind === 'done' && end.value === undefined && end.item.kind === 'ask'
      ? [end.item.service.service]
      : [],
  );
  if (missing.length > 0) throw new ActionFailure(notThere(missing));
  return new Map(
    ended.flatMap((end) =>
      end.kind === 'done' && end.value !== undefined ? [[end.item.subgraph, end.value] as const] : [],
    ),
  );
}

async function liveUrl(
  { service, path }: Extract<Route, { kind: 'ask' }>,
  cloud: Pick<CloudRun, 'getService'>,
): Promise<string | undefined> {
  const url = (await cloud.getService(service))?.uri;
  return url === undefined ? undefined : `${url.replace(/\/$/, '')}${path}`;
}

function notThere(services: readonly string[]): string {
  const names = services.map((service) => `"${service}"`).join(', ');
  const [what, has] = services.length === 1 ? ['service', 'has'] : ['services', 'have'];
  return (
    `${what} ${names} ${has} no URL yet, because nothing was deployed there: compose after the services were staged, ` +
    'set input "routing" to "deterministic" with "project-number", or name the URLs by input "routing-urls"'
  );
}
