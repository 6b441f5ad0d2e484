import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
  type DataPlane,
  DataPlaneError,
  type RevisionSpec,
  type Routes,
  type ServiceAddresses,
} from './data-plane.ts';

/**
 * A data plane that runs nothing: every revision is ready at once and every task succeeds at once. Requests are really split, by percent exactly
 * (of any hundred requests to a service each revision gets its share), and answered with the name of the revision chosen.
 */
export async function nullDataPlane(): Promise<DataPlane> {
  const revisions = new Map<string, RevisionSpec>();
  const services = new Map<string, RoutedService>();
  const hosts = await listen((request, response) => {
    const found = byHost(services, request.headers.host ?? '');
    answer(response, found === undefined ? undefined : revisions.get(found));
  });
  const setRoutes = async (name: string, routes: Routes) => {
    checkRoutes(routes, revisions);
    const service = services.get(name) ?? (await openService(name, revisions));
    services.set(name, service);
    await applyRoutes(service, routes, revisions);
    return addressesOf(name, service);
  };
  const removeService = async (name: string) => {
    const service = services.get(name);
    services.delete(name);
    for (const revision of revisions.values()) if (revision.service === name) revisions.delete(revision.name);
    if (service !== undefined) await closeService(service);
  };
  return {
    hostUrl: hosts.url,
    startRevision: (spec) => {
      revisions.set(spec.name, spec);
      return Promise.resolve({ kind: 'ready' });
    },
    removeRevision: (name) => {
      revisions.delete(name);
      return Promise.resolve();
    },
    setRoutes,
    removeService,
    runTask: () => Promise.resolve({ kind: 'exited', exitCode: 0, message: 'nothing was run' }),
    cancelTask: () => Promise.resolve(),
    logs: () => [],
    stats: () => undefined,
    close: async () => {
      await Promise.all([...services.keys()].map(removeService));
      await hosts.close();
    },
  };
}

interface Listener {
  readonly url: string;
  readonly close: () => Promise<void>;
}

interface RoutedService {
  readonly listener: Listener;
  readonly tags: Map<string, Listener>;
  readonly choose: () => string | undefined;
  readonly tagged: (tag: string) => string | undefined;
  readonly use: (routes: Routes) => void;
}

type Revisions = ReadonlyMap<string, RevisionSpec>;

async function openService(name: string, revisions: Revisions): Promise<RoutedService> {
  let routes: Routes = { targets: [], tags: [] };
  let credits: readonly Credit[] = [];
  const choose = () => {
    const turn = nextTurn(credits);
    credits = turn.credits;
    return turn.revision;
  };
  const listener = await listen((_, response) => {
    answer(response, revisions.get(choose() ?? ''));
  });
  return {
    listener,
    tags: new Map(),
    choose,
    tagged: (tag) => routes.tags.find((route) => route.tag === tag)?.revision,
    use: (next) => {
      routes = { targets: next.targets.map(full(name)), tags: next.tags.map(full(name)) };
      credits = routes.targets.map(({ revision, percent }) => ({ revision, percent, credit: 0 }));
    },
  };
}

function full(service: string): <T extends { readonly revision: string }>(route: T) => T {
  return (route) => ({ ...route, revision: fullName(service, route.revision) });
}

function fullName(service: string, revision: string): string {
  return revision.includes('/') ? revision : `${service}/revisions/${revision}`;
}

interface Credit {
  readonly revision: string;
  readonly percent: number;
  readonly credit: number;
}

// Smooth weighted round robin: everyone earns its percent, the richest serves and pays what all have earned together.
function nextTurn(credits: readonly Credit[]): { readonly revision?: string; readonly credits: readonly Credit[] } {
  const earned = credits.map((entry) => ({ ...entry, credit: entry.credit + entry.percent }));
  const richest = earned.reduce<Credit | undefined>(
    (best, entry) => (best === undefined || entry.credit > best.credit ? entry : best),
    undefined,
  );
  if (richest === undefined) return { credits };
  return {
    revision: richest.revision,
    credits: earned.map((entry) => (entry === richest ? { ...entry, credit: entry.credit - 100 } : entry)),
  };
}

async function applyRoutes(service: RoutedService, routes: Routes, revisions: Revisions): Promise<void> {
  const wanted = new Set(routes.tags.map(({ tag }) => tag));
  for (const tag of wanted) {
    if (service.tags.has(tag)) continue;
    const listener = await listen((_, response) => {
      answer(response, revisions.get(service.tagged(tag) ?? ''));
    });
    service.tags.set(tag, listener);
  }
  service.use(routes);
  for (const [tag, listener] of service.tags) {
    if (wanted.has(tag)) continue;
    service.tags.delete(tag);
    await listener.close();
  }
}

function checkRoutes({ targets, tags }: Routes, revisions: Revisions): void {
  const known = new Set([...revisions.keys()].flatMap((name) => [name, shortOf(name)]));
  const unknown = [...targets, ...tags].find(({ revision }) => !known.has(revision));
  if (unknown !== undefined)
    throw new DataPlaneError('revision-unknown', `revision "${unknown.revision}" was never started`);
  const sum = targets.reduce((total, { percent }) => total + percent, 0);
  if (targets.length > 0 && sum !== 100)
    throw new DataPlaneError('percent-invalid', `percents must sum to 100, got ${sum}`);
}

function addressesOf(name: string, service: RoutedService): ServiceAddresses {
  return {
    url: service.listener.url,
    tagUrls: Object.fromEntries([...service.tags].map(([tag, { url }]) => [tag, url])),
    host: hostOf(name),
  };
}

function hostOf(service: string): string {
  const hash = [...service].reduce((sum, letter) => (sum * 33 + letter.charCodeAt(0)) >>> 0, 5381).toString(36);
  return `${shortOf(service)}-${hash}-uc.a.run.app`;
}

function byHost(services: ReadonlyMap<string, RoutedService>, header: string): string | undefined {
  const [first = '', second] = (header.split(':')[0] ?? '').split('---');
  for (const [name, service] of services) {
    if (second === undefined && first === hostOf(name)) return service.choose();
    if (second === hostOf(name)) return service.tagged(first);
  }
  return undefined;
}

function answer(response: ServerResponse, revision: RevisionSpec | undefined): void {
  response.writeHead(revision === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(revision === undefined ? { error: 'no revision' } : identity(revision)));
}

// The health contract's fields are here too, so that a gate passes without a container.
function identity({ name, service, env, image }: RevisionSpec): object {
  return {
    status: 'healthy',
    service: shortOf(service),
    version: env['IMAGE_TAG'],
    revision: shortOf(name),
    image,
    dependencies: {},
  };
}

function shortOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

async function listen(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Listener> {
  const server = createServer((request, response) => {
    request.resume();
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

async function closeService(service: RoutedService): Promise<void> {
  await Promise.all([service.listener, ...service.tags.values()].map((listener) => listener.close()));
}
