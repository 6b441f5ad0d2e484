import { createHash, randomInt, randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';

import { type Clock, messageOf, systemClock } from '@fairlead/action-kit';

import { openConsole } from './console/open-console.ts';
import { microClock } from './control/time.ts';
import { createWorld, type Ids } from './control/world.ts';
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
import { type Secrets, secretsOf } from './secrets/secrets.ts';
import { startRegistry } from './start-registry.ts';
import { type ObjectStore, objectStore } from './storage/object-store.ts';
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
  const registry = opened.adopt(await startRegistry(), (server) => server.close());
  const faults = faultSwitches();
  const plane = opened.adopt(await openPlane(options, faults), (open) => open.close());
  const parts = partsOf(options, { plane, faults, onDefect });
  const { calls, secrets, performer } = parts;
  const pages = opened.use(openConsole(parts));
  const port = options.port ?? 0;
  const api = opened.adopt(
    await startApiServer({ port, routes: [...pages.routes, ...routesOf(parts)], faults, calls, onDefect }),
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

async function openPlane(
  { containers, clock = systemClock, folder, ports = {} }: LocalCloudOptions,
  faults: Faults,
): Promise<DataPlane> {
  const kept = folder === undefined ? {} : { cacheFolder: join(folder, 'images') };
  const plane = await createDataPlane(containers, { id: idOf(folder), clock, ports, ...kept });
  return faultyDataPlane(plane, faults);
}

/** The same for the same folder, so that the leftovers of a killed run are found and removed by the next. */
function idOf(folder: string | undefined): string {
  const distinct =
    folder === undefined ? randomUUID() : createHash('sha256').update(resolve(folder)).digest('hex');
  return `cloud-${distinct.slice(0, 8)}`;
}

function partsOf(
  { clock = systemClock, secrets: initial }: LocalCloudOptions,
  {
    plane,
    faults,
    onDefect,
  }: { readonly plane: DataPlane; readonly faults: Faults; readonly onDefect: (thrown: unknown) => void },
): Parts {
  const secrets = secretsOf(initial);
  const now = microClock(clock.now);
  const world = createWorld({ now, ids: randomIds, secrets: secrets.read });
  const performer = startPerformer(world, plane, onDefect);
  return {
    plane,
    faults,
    calls: callLog(clock.now),
    secrets,
    objects: objectStore(now),
    world,
    performer,
    clock,
  };
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

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

const randomIds: Ids = {
  uuid: randomUUID,
  suffix: (length) =>
    Array.from({ length }, (_, index) => {
      const alphabet = index === 0 ? LETTERS : `${LETTERS}0123456789`;
      return alphabet.charAt(randomInt(alphabet.length));
    }).join(''),
};
