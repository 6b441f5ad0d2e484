import { randomInt, randomUUID } from 'node:crypto';

import { type Clock, messageOf, systemClock } from '@fairlead/action-kit';

import { microClock } from './control/time.ts';
import { createWorld, type Ids, type World } from './control/world.ts';
import { type Containers, createDataPlane } from './create-data-plane.ts';
import type { DataPlane } from './data-plane.ts';
import { faultyDataPlane } from './faulty-data-plane.ts';
import { type CallLog, callLog, type LoggedCall } from './http/call-log.ts';
import type { Cloud } from './http/cloud.ts';
import { type Fault, type Faults, faultSwitches } from './http/faults.ts';
import { operationRoutes } from './http/operations-api.ts';
import type { Route } from './http/route.ts';
import { startApiServer } from './http/server.ts';
import { serviceRoutes } from './http/services-api.ts';
import { steeringRoutes } from './http/steering-api.ts';
import { type Performer, startPerformer } from './performer.ts';
import { type Secrets, secretsOf } from './secrets/secrets.ts';
import { startRegistry } from './start-registry.ts';

export interface LocalCloudOptions {
  /** Of the API; a free one when 0 or absent. */
  readonly port?: number;
  /** What runs the containers; `none` starts nothing: revisions are ready at once and answer with their names. */
  readonly containers: Containers;
  /** Secrets by name, each with one version. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
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
  const parts = await openParts(options);
  const { plane, registry, faults, calls, secrets, performer } = parts;
  const api = await startApiServer({
    port: options.port ?? 0,
    routes: routesOf(parts),
    faults,
    calls,
    onDefect: (thrown) => options.log?.(`a defect of the local cloud: ${messageOf(thrown)}`),
  });
  const close = async () => {
    await api.close();
    await plane.close();
    await registry.close();
  };
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
  readonly registry: { readonly host: string; readonly close: () => Promise<void> };
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly secrets: Secrets;
  readonly world: World;
  readonly performer: Performer;
}

async function openParts({ containers, clock = systemClock, ...options }: LocalCloudOptions): Promise<Parts> {
  const faults = faultSwitches();
  const secrets = secretsOf(options.secrets);
  const world = createWorld({ now: microClock(clock.now), ids: randomIds, secrets: secrets.read });
  const registry = await startRegistry();
  const plane = faultyDataPlane(
    await createDataPlane(containers, { id: `cloud-${randomUUID().slice(0, 8)}`, clock }),
    faults,
  );
  const performer = startPerformer(world, plane);
  return { plane, registry, faults, calls: callLog(), secrets, world, performer, clock };
}

function routesOf(parts: Parts): readonly Route[] {
  return [...steeringRoutes(parts), ...operationRoutes(parts), ...serviceRoutes(parts)];
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
