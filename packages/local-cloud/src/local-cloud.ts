import { createHash, randomInt, randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';

import { type Clock, messageOf, systemClock } from '@fairlead/action-kit';

import type { Limits } from './control/limits.ts';
import { artifactRegistryRoutes } from './artifact-registry/index.ts';
import { containerAnalysisRoutes } from './container-analysis/container-analysis-api.ts';
import { type Occurrences, occurrencesOf } from './container-analysis/occurrences.ts';
import { openConsole } from './console/open-console.ts';
import { microClock } from './control/time.ts';
import { createWorld, type Ids } from './control/world.ts';
import { type Containers, createDataPlane } from './create-data-plane.ts';
import type { TokenVerifier } from './data/index.ts';
import type { DataPlane } from './data-plane.ts';
import { faultyDataPlane } from './faulty-data-plane.ts';
import { startGrpcServer } from './grpc/start-grpc-server.ts';
import { type CallLog, callLog, type LoggedCall } from './http/call-log.ts';
import type { Cloud } from './http/cloud.ts';
import {
  type ActiveFault,
  type Fault,
  type FaultOptions,
  type Faults,
  faultSwitches,
} from './http/faults.ts';
import { restRoutes } from './http/rest-routes.ts';
import type { Route } from './http/route.ts';
import { startApiServer } from './http/server.ts';
import { steeringRoutes } from './http/steering-api.ts';
import { checkToken, guarded } from './identity/guard.ts';
import { type Identity, identityOf, type IdentityOptions } from './identity/identity.ts';
import { identityRoutes } from './identity/identity-api.ts';
import { type Journal, journal } from './logging/journal.ts';
import { loggingRoutes } from './logging/logging-api.ts';
import { type MonitoringLag, monitoringRoutes } from './monitoring/monitoring-api.ts';
import { knativeRoutes } from './knative/knative-routes.ts';
import { startPerformer } from './performer.ts';
import type { Registry } from './registry/index.ts';
import { secretRoutes } from './secrets/secret-api.ts';
import { type Secrets, secretsOf } from './secrets/secrets.ts';
import { startRegistry } from './start-registry.ts';
import { type ObjectStore, objectStore } from './storage/object-store.ts';
import { storageRoutes } from './storage/storage-api.ts';

export interface LocalCloudOptions {
  /** Of the API; a free one when 0 or absent. */
  readonly port?: number;
  /** Of the same API over gRPC; a free one when 0 or absent. */
  readonly grpcPort?: number;
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
  /** In place of Cloud Run's own limits. */
  readonly limits?: Partial<Limits>;
  /** Calls of the Cloud Run API that are answered in a minute, others get 429; no bound unless told. */
  readonly rates?: { readonly readsPerMinute?: number; readonly writesPerMinute?: number };
  /** How long after its end a minute can be read from Cloud Monitoring; 0 unless told, and then the running minute is seen too. */
  readonly monitoringLagSeconds?: number;
  /** Whether services that nobody has set a policy of are private, as in Cloud Run; they are open unless told. */
  readonly enforceInvoker?: boolean;
  /** Whether a token may call a service that goes by one of these audiences; any that is made out to it and has not expired may unless told. */
  readonly verifyToken?: TokenVerifier;
  /** Whose tokens are taken, who may act as which service account, and whether calls need a token at all. */
  readonly identity?: IdentityOptions;
  /** Of v1 calls whose Host names no region; `us-central1` unless told. */
  readonly region?: string;
  /** Where images are kept from one run to the next; temporary and cache folders of this user unless told. One running cloud a folder. */
  readonly folder?: string;
  /** Told one line for each thing that a person who runs the local cloud would want to know. */
  readonly log?: (line: string) => void;
}

/** A Google Cloud on this machine's loopback address. */
export interface LocalCloud extends AsyncDisposable {
  /** Origin of the APIs, `http://127.0.0.1:N`. */
  readonly url: string;
  /** Host and port of the v2 API over gRPC, without TLS, `127.0.0.1:N`. */
  readonly grpc: string;
  /** Host and port of the container registry, `127.0.0.1:M`. */
  readonly registry: string;
  /** Origin at which every service answers by its Host header. */
  readonly hostUrl: string;
  readonly containers: Containers;
  /** Throws the name of the field for what is no fault; answers the names of those added, for `removeFault`. */
  readonly addFaults: (...faults: readonly Fault[]) => readonly string[];
  /** The faults in force, with how often each has hit. */
  readonly faults: () => readonly ActiveFault[];
  /** Whether there was one of that name. */
  readonly removeFault: (id: string) => boolean;
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
  const registry = opened.adopt(await startRegistry((options.clock ?? systemClock).now), (server) =>
    server.close(),
  );
  const faults = faultSwitches(faultOptions(options));
  const lines = journal();
  const plane = opened.adopt(await openPlane(options, { faults, lines }), (open) => open.close());
  const parts = partsOf(options, { plane, faults, lines, registry, onDefect });
  const { calls, secrets, performer } = parts;
  const pages = opened.use(openConsole(parts));
  const port = options.port ?? 0;
  const grpc = opened.adopt(
    await startGrpcServer({
      port: options.grpcPort ?? 0,
      cloud: parts,
      faults,
      calls,
      checkToken: (authorization) => {
        checkToken(parts.identity, authorization);
      },
      onDefect,
    }),
    (server) => server.close(),
  );
  const api = opened.adopt(
    await startApiServer({
      ...parts,
      port,
      routes: [...pages.routes, ...routesOf(parts, options)],
      onDefect,
      adoptHttp2: grpc.adopt,
    }),
    (server) => server.close(),
  );
  const everything = opened.move();
  const close = () => everything.disposeAsync();
  return {
    url: api.url,
    grpc: grpc.host,
    registry: registry.host,
    hostUrl: plane.hostUrl,
    containers: options.containers,
    addFaults: (...added) => faults.add(added),
    faults: faults.list,
    removeFault: faults.remove,
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
  readonly lines: Journal;
  readonly lag: MonitoringLag;
  readonly occurrences: Occurrences;
  readonly registry: { readonly host: string; readonly contents: Registry };
  readonly identity: Identity;
}

async function openPlane(
  options: LocalCloudOptions,
  { faults, lines }: Pick<Parts, 'faults' | 'lines'>,
): Promise<DataPlane> {
  const {
    containers,
    clock = systemClock,
    folder,
    ports = {},
    enforceInvoker = false,
    verifyToken,
  } = options;
  const kept = folder === undefined ? {} : { cacheFolder: join(folder, 'images') };
  const plane = await createDataPlane(containers, {
    id: idOf(folder),
    clock,
    ports,
    enforceInvoker,
    onLog: lines.append,
    ...(verifyToken === undefined ? {} : { verifyToken }),
    ...kept,
  });
  return faultyDataPlane(plane, faults, clock);
}

function faultOptions({ limits = {}, rates = {}, clock = systemClock }: LocalCloudOptions): FaultOptions {
  const { readsPerMinute, writesPerMinute } = rates;
  const rate = (method: string, perMinute: number | undefined): readonly Fault[] =>
    perMinute === undefined
      ? []
      : [{ match: { method, path: '^/(?:v1|v2|apis)/' }, effect: 'rate-limit', perMinute }];
  const standing = [...rate('GET', readsPerMinute), ...rate('POST|PUT|PATCH|DELETE', writesPerMinute)];
  return { limits, now: clock.now, standing };
}

/** The same for the same folder, so that the leftovers of a killed run are found and removed by the next. */
function idOf(folder: string | undefined): string {
  const distinct =
    folder === undefined ? randomUUID() : createHash('sha256').update(resolve(folder)).digest('hex');
  return `cloud-${distinct.slice(0, 8)}`;
}

function partsOf(
  {
    clock = systemClock,
    secrets: initial,
    monitoringLagSeconds = 0,
    identity: known = {},
  }: LocalCloudOptions,
  opened: Pick<Parts, 'plane' | 'faults' | 'lines' | 'registry'> & {
    readonly onDefect: (thrown: unknown) => void;
  },
): Parts {
  const { onDefect, ...open } = opened;
  const now = microClock(() => clock.now() + open.faults.skewMs());
  const secrets = secretsOf(now, initial);
  const world = createWorld({ now, ids: randomIds, secrets: secrets.read, bends: open.faults.bends });
  const performer = startPerformer(world, open.plane, onDefect);
  const identity = identityOf(known, clock.now);
  const lag = { seconds: monitoringLagSeconds };
  return {
    ...open,
    lag,
    identity,
    calls: callLog(clock.now),
    secrets,
    objects: objectStore(now),
    occurrences: occurrencesOf(now),
    world,
    performer,
    clock,
  };
}

function routesOf(parts: Parts, { region = 'us-central1' }: LocalCloudOptions): readonly Route[] {
  const { registry, clock } = parts;
  const routes = [
    ...steeringRoutes(parts),
    ...identityRoutes(parts.identity, parts.clock),
    ...restRoutes(parts),
    ...artifactRegistryRoutes({ registry: registry.contents, host: registry.host, clock }),
    ...knativeRoutes(parts, region),
    ...monitoringRoutes(parts),
    ...loggingRoutes(parts.lines),
    ...secretRoutes(parts.secrets),
    ...containerAnalysisRoutes(parts.occurrences, randomIds.uuid),
    ...storageRoutes(parts.objects),
  ];
  return guarded(routes, parts.identity);
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
