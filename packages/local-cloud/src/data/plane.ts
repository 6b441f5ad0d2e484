import { type Clock, systemClock } from '@fairlead/action-kit';

import {
  type DataPlane,
  DataPlaneError,
  type InstanceCount,
  type LogLine,
  type LogSelector,
  type MinuteCounts,
  type RevisionSpec,
  type RevisionStats,
  type Routes,
  type ServiceAccess,
  type ServiceAddresses,
  type ServiceScaling,
  type StartOutcome,
  type TaskOutcome,
  type TaskSpec,
  type WorkerCount,
  type WorkerSpec,
} from '../data-plane.ts';
import { flatText } from '../flat-text.ts';
import { nothingHere } from './routing/choice.ts';
import { shortName } from './containers/container-env.ts';
import type { Engine } from './containers/engine.ts';
import { onOneMachine, whyOne } from './containers/fixed-ports.ts';
import { type FreePorts, freePorts } from './containers/free-port.ts';
import { readHost } from './routing/host-name.ts';
import { localTokens, type TokenVerifier } from './requests/identity-token.ts';
import { type InstanceWatch, instanceWatch } from './revisions/instance-watch.ts';
import { listenAgain } from './routing/listen-again.ts';
import type { Listener } from './routing/listener.ts';
import { type LogBound, type LogSource, type LogStore, logStore } from './log-store.ts';
import type { RequestRecord } from './requests/request-record.ts';
import { Revision, type RevisionOptions } from './revisions/revision.ts';
import { RoutedService } from './routing/service.ts';
import { type SaidLine, type TaskRunner, taskRunner } from './containers/tasks.ts';
import { type Workers, workers } from './containers/workers.ts';

export interface DataPlaneOptions {
  /** Names this local cloud: what a killed run of the same id left behind is removed at the start. Letters, digits and dashes. */
  readonly id: string;
  readonly clock?: Clock;
  /** From 0 up to 1, once per request to a service URL; `Math.random` unless told. */
  readonly random?: () => number;
  /** Ports of the services' own URLs by the services' short names, free ones for the others. URLs of tags always have free ones. */
  readonly ports?: Readonly<Record<string, number>>;
  /** The port that a service's address, or its tag's, had in an earlier run: tried before a free one. */
  readonly keptPort?: (service: string, tag?: string) => number | undefined;
  /** The port that the address of all services by their Host header had in an earlier run. */
  readonly keptHostPort?: number;
  /** How long a revision without traffic and without tag stays up; 10 s unless told. */
  readonly idleMs?: number;
  /** How long an instance beyond the least that is to be warm idles before it is stopped; 15 min unless told, as in Cloud Run. */
  readonly scaleDownMs?: number;
  /** How long a request waits for room when all instances that there may be are full; 10 s unless told. Then it is answered 429. */
  readonly queueMs?: number;
  /** Whether services are private until {@link DataPlane.setAccess} says otherwise, as in Cloud Run; they are open unless told. */
  readonly enforceInvoker?: boolean;
  /** Who may call a private service; any token made out to it that has not expired unless told. */
  readonly verifyToken?: TokenVerifier;
  /**
   * How long an instance with `healthCheckDisabled` has to stay up to count as started, so that a worker which ends on its first import fails its
   * revision; 2 s unless told.
   */
  readonly settleMs?: number;
  /** Whether no container really runs: then those that get no requests are left out, and no probe but the service's own port is asked. */
  readonly isPlayed?: boolean;
  /** Per revision and per execution. */
  readonly logBound?: LogBound;
  /** Sees every log line as it comes; `source` is the full name of the revision or of the execution. */
  readonly onLog?: (source: string, line: LogLine) => void;
  /** Sees every request when it is over; `revision` is the full name of that which it came to. */
  readonly onRequest?: (revision: string, record: RequestRecord) => void;
}

/** A data plane whose containers are started by `engine`, which it closes in the end. */
export async function dataPlaneOver(engine: Engine, options: DataPlaneOptions): Promise<DataPlane> {
  const plane = new RoutingPlane(engine, options);
  await plane.open();
  return plane;
}

const defaultSettleMs = 2_000;

class RoutingPlane implements DataPlane {
  readonly #engine: Engine;
  readonly #options: DataPlaneOptions;
  readonly #clock: Clock;
  readonly #log: LogStore;
  readonly #tasks: TaskRunner;
  readonly #workers: Workers;
  readonly #ports: FreePorts;
  readonly #revisions = new Map<string, Revision>();
  readonly #services = new Map<string, RoutedService>();
  readonly #byHost = new Map<string, RoutedService>();
  readonly #instances: InstanceWatch = instanceWatch();
  readonly #verify: TokenVerifier;
  readonly #forRevisions: RevisionOptions;
  #listener: Listener | undefined;
  #isClosed = false;

  constructor(engine: Engine, options: DataPlaneOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#ports = freePorts({ kept: Object.values(options.ports ?? {}) });
    this.#log = logStore(options.logBound);
    this.#forRevisions = this.#revisionOptions(options);
    this.#verify = options.verifyToken ?? localTokens({ now: this.#clock.now });
    this.#tasks = taskRunner({
      engine,
      clock: this.#clock,
      isPlayed: options.isPlayed ?? false,
      say: ({ execution, id }, line) => {
        this.#say({ source: execution, task: id }, line);
      },
    });
    this.#workers = workers({
      engine,
      clock: this.#clock,
      settleMs: options.settleMs ?? defaultSettleMs,
      isPlayed: options.isPlayed ?? false,
      say: (revision, line) => {
        this.#say({ source: revision }, line);
      },
    });
  }

  async open(): Promise<void> {
    this.#listener = await listenAgain((caller) => {
      const { tag, host } = readHost(caller.host);
      return this.#byHost.get(host)?.choose(caller, tag) ?? nothingHere;
    }, this.#options.keptHostPort);
  }

  get hostUrl(): string {
    if (this.#listener === undefined) throw new DataPlaneError('closed', 'the data plane is not open');
    return this.#listener.url;
  }

  readonly startRevision = async (spec: RevisionSpec): Promise<StartOutcome> => {
    this.#expectOpen();
    const revision = this.#revisions.get(spec.name) ?? this.#made(spec);
    this.#revisions.set(spec.name, revision);
    return revision.firstStart();
  };

  readonly removeRevision = async (name: string): Promise<void> => {
    const revision = this.#revisions.get(name);
    if (revision === undefined) return;
    this.#revisions.delete(name);
    await revision.drained(revision.spec.timeoutSeconds * 1_000);
    await revision.stop();
    this.#instances.forget(name);
  };

  readonly setRoutes = async (service: string, routes: Routes): Promise<ServiceAddresses> => {
    this.#expectOpen();
    const routed = this.#routed(service);
    return routed.setRoutes(routes, () => this.#revisionsOf(service));
  };

  readonly removeService = async (service: string): Promise<void> => {
    const routed = this.#services.get(service);
    this.#services.delete(service);
    if (routed !== undefined) this.#byHost.delete(routed.host);
    await routed?.close();
    const leaving = this.#revisionsOf(service);
    leaving.forEach(({ spec }) => this.#revisions.delete(spec.name));
    await Promise.all(leaving.map((revision) => revision.stop()));
    leaving.forEach(({ spec }) => {
      this.#instances.forget(spec.name);
    });
  };

  readonly startWorkers = (spec: WorkerSpec): Promise<StartOutcome> => {
    this.#expectOpen();
    return this.#workers.start(spec);
  };

  readonly setWorkers = (workerPool: string, counts: readonly WorkerCount[]): void => {
    this.#expectOpen();
    this.#workers.set(workerPool, counts);
  };

  readonly removeWorkers = (revision: string): Promise<void> => this.#workers.remove(revision);

  readonly removeWorkerPool = (workerPool: string): Promise<void> => this.#workers.removePool(workerPool);

  readonly runTask = (spec: TaskSpec): Promise<TaskOutcome> => {
    this.#expectOpen();
    return this.#tasks.run(spec);
  };

  readonly cancelTask = (id: string): Promise<void> => this.#tasks.cancel(id);

  readonly logs = (selector: LogSelector): readonly LogLine[] => this.#log.read(selector);

  readonly stats = (revision: string): RevisionStats | undefined => this.#revisions.get(revision)?.stats();

  readonly series = (revision: string): readonly MinuteCounts[] =>
    this.#revisions.get(revision)?.series() ?? [];

  readonly setAccess = (service: string, access: ServiceAccess): void => {
    this.#routed(service).setAccess(access);
  };

  readonly setScaling = (service: string, scaling: ServiceScaling): void => {
    this.#routed(service).setScaling(scaling);
  };

  readonly watchInstances = (listener: (count: InstanceCount) => void): (() => void) =>
    this.#instances.add(listener);

  readonly close = async (): Promise<void> => {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.all([
      this.#listener?.cut(),
      this.#tasks.close(),
      this.#workers.close(),
      ...[...this.#services.values()].map((service) => service.close()),
      ...[...this.#revisions.values()].map((revision) => revision.stop()),
    ]);
    await this.#engine.close();
  };

  #routed(service: string): RoutedService {
    const known = this.#services.get(service);
    if (known !== undefined) return known;
    const { random = Math.random, ports = {}, enforceInvoker = false } = this.#options;
    const { keptPort = () => undefined } = this.#options;
    const port = new Map(Object.entries(ports)).get(shortName(service));
    const isPublic = !enforceInvoker;
    const verify = this.#verify;
    const made = new RoutedService(service, { random, port, keptPort, isPublic, verify });
    this.#services.set(service, made);
    this.#byHost.set(made.host, made);
    return made;
  }

  #made(asked: RevisionSpec): Revision {
    const spec = onOneMachine(asked, this.#options);
    const made = new Revision(spec, this.#forRevisions);
    const why = whyOne(asked, spec);
    if (why !== undefined) made.say(why);
    return made;
  }

  #revisionOptions({
    idleMs = 10_000,
    settleMs = defaultSettleMs,
    scaleDownMs = 900_000,
    queueMs = 10_000,
  }: DataPlaneOptions): RevisionOptions {
    return {
      engine: this.#engine,
      ports: this.#ports,
      clock: this.#clock,
      idleMs,
      settleMs,
      scaleDownMs,
      queueMs,
      say: (source, line) => {
        this.#say({ source }, line);
      },
      onRequest: this.#noteRequest,
      onCount: this.#instances.tell,
    };
  }

  #revisionsOf(service: string): Revision[] {
    return [...this.#revisions.values()].filter(({ spec }) => spec.service === service);
  }

  #say(from: LogSource, { stream, text, container }: SaidLine): void {
    const named = container === undefined ? {} : { container };
    const line: LogLine = { timeMs: this.#clock.now(), stream, text: flatText(text), ...named };
    this.#log.append(from, line);
    this.#options.onLog?.(from.source, line);
  }

  /** What the platform says of a request stands in the revision's own lines, too, where a person looks first. */
  readonly #noteRequest = (source: string, record: RequestRecord): void => {
    const { timeMs, said } = record;
    if (said !== undefined) this.#log.append({ source }, { timeMs, stream: 'system', text: said });
    this.#options.onRequest?.(source, record);
  };

  #expectOpen(): void {
    if (this.#isClosed) throw new DataPlaneError('closed', 'the data plane is closed');
  }
}
