import { messageOf, systemClock } from '@fairlead/action-kit';

import { openAtPort, type WantedPort } from './at-port.ts';
import { openConsole } from './console/open-console.ts';
import { faultOptions } from './fault-options.ts';
import { type GrpcServer, startGrpcServer } from './grpc/start-grpc-server.ts';
import { faultSwitches } from './http/faults.ts';
import type { Route } from './http/route.ts';
import { type ApiServer, startApiServer } from './http/server.ts';
import { callerOf } from './identity/guard.ts';
import type { LocalCloud, LocalCloudOptions } from './local-cloud-options.ts';
import { journal } from './logging/journal.ts';
import { openPlane } from './open-plane.ts';
import { type Parts, partsOf } from './parts.ts';
import { routesOf } from './routes-of.ts';
import { type RegistryPlace, startRegistry } from './start-registry.ts';
import { resume } from './state/resume.ts';
import { startServing } from './state/start-serving.ts';
import { openState } from './state/state.ts';
import { openStores, type Stores } from './stores.ts';

export type { LocalCloud, LocalCloudOptions } from './local-cloud-options.ts';

export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  await using opened = new AsyncDisposableStack();
  const onDefect = (thrown: unknown) => options.log?.(`a defect of the local cloud: ${messageOf(thrown)}`);
  const parts = await openParts(options, { opened, onDefect });
  const pages = opened.use(openConsole(parts));
  const routes = [...pages.routes, ...routesOf(parts, options.region)];
  const { api, grpc } = await serve(options, parts, { opened, routes, onDefect });
  const everything = opened.move();
  return cloudOf(options, { parts, api, grpc, close: () => everything.disposeAsync() });
}

interface Opening {
  readonly opened: AsyncDisposableStack;
  readonly onDefect: (thrown: unknown) => void;
}

/** Opens from the file outwards, so that what is closed last is what the others still write to. */
async function openParts(options: LocalCloudOptions, { opened, onDefect }: Opening): Promise<Parts> {
  const { clock = systemClock } = options;
  const faults = faultSwitches(faultOptions(options));
  const state = options.state === undefined ? undefined : openState(options.state, options.log);
  opened.defer(() => state?.close());
  const stores = openStores({ clock, faults, secrets: options.secrets }, state);
  const place = registryPlace(options, stores);
  const registry = opened.adopt(await startRegistry(clock.now, place), (server) => server.close());
  const lines = journal();
  const plane = opened.adopt(await openPlane(options, { stores, faults, lines }), (open) => open.close());
  stores.ports.set('registry', portOf(registry.host)).set('host', portOf(plane.hostUrl));
  opened.defer(() => state?.stop());
  const parts = partsOf(options, { stores, state, plane, faults, lines, registry, onDefect });
  if (state !== undefined) await goOn(parts, onDefect);
  return parts;
}

function registryPlace(
  { state, registryPort }: LocalCloudOptions,
  { ports, pushRules: policy }: Stores,
): RegistryPlace {
  const port = wantedPort(registryPort, ports.get('registry'));
  return { port, policy, ...(state === undefined ? {} : { folder: `${state}.content/registry` }) };
}

function wantedPort(asked: number | undefined, had: number | undefined): WantedPort {
  return { ...(asked === undefined ? {} : { asked }), ...(had === undefined ? {} : { had }) };
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}

/** Goes on where the state's last run ended. */
async function goOn(
  { world, plane, performer, commit }: Parts,
  onDefect: (thrown: unknown) => void,
): Promise<void> {
  resume(world);
  await startServing(world, plane, onDefect);
  performer.perform();
  commit?.();
}

interface Servers {
  readonly api: ApiServer;
  readonly grpc: GrpcServer;
}

async function serve(
  options: LocalCloudOptions,
  parts: Parts,
  { opened, routes, onDefect }: Opening & { readonly routes: readonly Route[] },
): Promise<Servers> {
  const { faults, calls, identity, ports } = parts;
  const grpc = opened.adopt(
    await openAtPort('gRPC', wantedPort(options.grpcPort, ports.get('grpc')), (port) =>
      startGrpcServer({
        port,
        cloud: parts,
        faults,
        calls,
        callerOf: (authorization) => callerOf(identity, authorization),
        onDefect,
      }),
    ),
    (server) => server.close(),
  );
  ports.set('grpc', portOf(grpc.host));
  parts.commit?.();
  const api = opened.adopt(
    await openAtPort('the API', wantedPort(options.port, undefined), (port) =>
      startApiServer({ ...parts, port, routes, onDefect, adoptHttp2: grpc.adopt }),
    ),
    (server) => server.close(),
  );
  return { api, grpc };
}

function cloudOf(
  { containers }: LocalCloudOptions,
  { parts, api, grpc, close }: Servers & { readonly parts: Parts; readonly close: () => Promise<void> },
): LocalCloud {
  const { registry, plane, faults, secrets, calls, performer, commit } = parts;
  return {
    url: api.url,
    grpc: grpc.host,
    registry: registry.host,
    hostUrl: plane.hostUrl,
    containers,
    addFaults: (...added) => faults.add(added),
    faults: faults.list,
    removeFault: faults.remove,
    clearFaults: faults.clear,
    putSecret: (name, value) => {
      secrets.add(name, value);
      commit?.();
    },
    calls: calls.all,
    idle: performer.idle,
    close,
    [Symbol.asyncDispose]: close,
  };
}
