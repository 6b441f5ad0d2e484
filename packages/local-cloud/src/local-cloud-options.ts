import type { Clock } from '@fairlead/action-kit';

import type { Limits } from './control/limits.ts';
import type { Containers } from './create-data-plane.ts';
import type { TokenVerifier } from './data/index.ts';
import type { LoggedCall } from './http/call-log.ts';
import type { ActiveFault, Fault } from './http/faults.ts';
import type { IdentityOptions } from './identity/identity.ts';

export interface LocalCloudOptions {
  /** Of the API; a free one when 0 or absent. */
  readonly port?: number;
  /** Of the same API over gRPC; a free one when 0 or absent. */
  readonly grpcPort?: number;
  /** Of the container registry; a free one when 0 or absent. */
  readonly registryPort?: number;
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
