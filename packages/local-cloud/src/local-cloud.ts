import { createHash, randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';

import { type Clock, messageOf, systemClock } from '@fairlead/action-kit';

import { type Containers, createDataPlane } from './create-data-plane.ts';
import type { DataPlane } from './data-plane.ts';
import { faultyDataPlane } from './faulty-data-plane.ts';
import { type CallLog, callLog, type LoggedCall } from './http/call-log.ts';
import type { Cloud } from './http/cloud.ts';
import { type Fault, type Faults, faultSwitches } from './http/faults.ts';
import { jobRoutes } from './http/jobs-api.ts';
import { operationRoutes } from './http/operations-api.ts';
import type { Route } from './http/route.ts';
import { startApiServer } from './http/server.ts';
import { serviceRoutes } from './http/services-api.ts';
import { steeringRoutes } from './http/steering-api.ts';
import { startPerformer } from './performer.ts';
import type { Secrets } from './secrets/secrets.ts';
import { startRegistry } from './start-registry.ts';
import { resume } from './state/resume.ts';
import { keptPort, startServing } from './state/start-serving.ts';
import { openState, type State } from './state/state.ts';
import type { ObjectStore } from './storage/object-store.ts';
import { openStores, type Stores } from './stores.ts';
import { storageRoutes } from './storage/storage-api.ts';

export interface LocalCloudOptions {
  /** Of the API; a free one when 0 or absent. */
  readonly port?: number;
  /**
   * Ports of the services' own URLs by the services' short names, so that they are known before the services are made; free ones for all others and for
   * tags. A service whose port is taken fails.
   */
  readonly ports?: Readonly<Record<string, number>>;
  /** What runs the containers; `none` starts nothing: revisions are ready at once and answer with their names. */
  readonly containers: Containers;
  /** Secrets by name, each with one version. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** Where images are kept from one run to the next; temporary and cache folders of this user unless told. One running cloud a folder. */
  readonly folder?: string;
  /**
   * A file in which services, revisions, jobs, executions, operations, secrets and storage objects are kept, and beside it a folder `FILE.content` with
   * the content of the registry; made when it is not there. One running cloud a file. Nothing is kept unless told.
   */
  readonly state?: string;
  /** Told one line for each thing that a person who runs the local cloud would want to know. */
  readonly log?: (line: string) => void;
}

/** A Google Cloud on this machine's loopback address. */
export interface LocalCloud extends AsyncDisposable {
  /** Origin of the APIs, `http://127.0.0.1:N`. */
  readonly url: string;
  /** Host and port of the container registry, `127.0.0.1:M`. */
  readonly registry: string;
  /** Origin at which every service answers by its Host header. */
  readonly hostUrl: string;
  readonly containers: Containers;
  readonly addFaults: (...faults: readonly Fault[]) => void;
  readonly clearFaults: () => void;
  readonly putSecret: (name: string, value: string) => void;
  /** The calls so far, oldest first, without those below `/-/`. */
  readonly calls: () => readonly LoggedCall[];
  /** Resolves when the data plane has nothing under way. */
  readonly idle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  await using opened = new AsyncDisposableStack();
  const onDefect = (thrown: unknown) => options.log?.(`a defect of the local cloud: ${messageOf(thrown)}`);
  const state = options.state === undefined ? undefined : openState(options.state, options.log);
  opened.defer(() => state?.close());
  const stores = openStores({ clock: systemClock, secrets: undefined, ...options }, state);
  const { ports } = stores;
  const registry = opened.adopt(await startRegistry(registryPlace(options, ports)), (server) =>
    server.close(),
  );
  const faults = faultSwitches();
  const plane = opened.adopt(await openPlane(options, stores, faults), (open) => open.close());
  ports.set('registry', portOf(registry.host)).set('host', portOf(plane.hostUrl));
  opened.defer(() => state?.stop());
  const parts = partsOf(options, { stores, plane, faults, onDefect, state });
  const { calls, secrets, performer } = parts;
  if (state !== undefined) await goOn(parts, onDefect);
  const port = options.port ?? 0;
  const api = opened.adopt(
    await startApiServer({ port, routes: routesOf(parts), faults, calls, onDefect, ...committing(state) }),
    (server) => server.close(),
  );
  const everything = opened.move();
  const close = () => everything.disposeAsync();
  return {
    url: api.url,
    registry: registry.host,
    hostUrl: plane.hostUrl,
    containers: options.containers,
    addFaults: (...added) => {
      faults.add(added);
    },
    clearFaults: faults.clear,
    putSecret: (name, value) => {
      secrets.add(name, value);
      state?.commit();
    },
    calls: calls.all,
    idle: performer.idle,
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Parts extends Cloud {
  readonly plane: DataPlane;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly secrets: Secrets;
  readonly objects: ObjectStore;
}

function registryPlace(
  { state }: LocalCloudOptions,
  ports: ReadonlyMap<string, number>,
): Parameters<typeof startRegistry>[0] {
  if (state === undefined) return {};
  const port = ports.get('registry');
  return { folder: `${state}.content/registry`, ...(port === undefined ? {} : { port }) };
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}

function committing(state: State | undefined): { readonly commit?: () => void } {
  return state === undefined ? {} : { commit: state.commit };
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

async function openPlane(
  { containers, clock = systemClock, folder, state, ports = {} }: LocalCloudOptions,
  { world, ports: keptPorts }: Stores,
  faults: Faults,
): Promise<DataPlane> {
  const cache = folder === undefined ? {} : { cacheFolder: join(folder, 'images') };
  const keptHostPort = keptPorts.get('host');
  const kept = {
    keptPort: (service: string, tag?: string) => keptPort(world, service, tag),
    ...(keptHostPort === undefined ? {} : { keptHostPort }),
  };
  const plane = await createDataPlane(containers, {
    id: idOf(folder ?? state),
    clock,
    ports,
    ...cache,
    ...kept,
  });
  return faultyDataPlane(plane, faults);
}

/** The same for the same folder or state file, so that the leftovers of a killed run are found and removed by the next. */
function idOf(place: string | undefined): string {
  const distinct =
    place === undefined ? randomUUID() : createHash('sha256').update(resolve(place)).digest('hex');
  return `cloud-${distinct.slice(0, 8)}`;
}

function partsOf(
  { clock = systemClock }: LocalCloudOptions,
  open: {
    readonly stores: Stores;
    readonly plane: DataPlane;
    readonly faults: Faults;
    readonly onDefect: (thrown: unknown) => void;
    readonly state: State | undefined;
  },
): Parts {
  const { stores, plane, faults, onDefect, state } = open;
  const performer = startPerformer(stores.world, plane, onDefect);
  return { ...stores, plane, faults, calls: callLog(), performer, clock, ...committing(state) };
}

function routesOf(parts: Parts): readonly Route[] {
  return [
    ...steeringRoutes(parts),
    ...operationRoutes(parts),
    ...serviceRoutes(parts),
    ...jobRoutes(parts),
    ...storageRoutes(parts.objects),
  ];
}
