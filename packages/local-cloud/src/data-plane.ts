/**
 * What runs the containers and carries the requests, as the control plane sees it. Services, revisions, jobs and
 * executions are named by their full resource names (`projects/P/locations/L/services/S/revisions/R`); the last
 * segment is what the container sees (`K_SERVICE`, `K_REVISION`).
 */
export interface DataPlane {
  /** Where one port answers for every service by its Host header, as `http://127.0.0.1:PORT`. */
  readonly hostUrl: string;
  /**
   * Pulls the image, starts one instance and resolves when its startup probe has passed or failed; rejects only when the plane itself
   * is broken or closed. A failed instance is stopped, its log lines stay. Starting a revision that is already known replaces nothing and answers
   * as the first start did.
   */
  readonly startRevision: (spec: RevisionSpec) => Promise<StartOutcome>;
  /** Stops the revision after its requests in flight; the routes must not name it any more. Unknown names are no error. */
  readonly removeRevision: (revision: string) => Promise<void>;
  /**
   * Replaces all routes of a service. New requests follow the new routes from the moment this resolves, those in flight finish where they are.
   * The service URL stays the same for as long as the service exists, a tag's URL for as long as the tag exists.
   * Throws {@link DataPlaneError} and changes nothing when a revision is unknown, percents do not sum to 100, a tag is named twice, or
   * the port that the service is to have is taken.
   */
  readonly setRoutes: (service: string, routes: Routes) => Promise<ServiceAddresses>;
  /** Closes the service's URLs and removes its revisions. Unknown names are no error. */
  readonly removeService: (service: string) => Promise<void>;
  /** Runs one attempt of one task to its end. Never rejects for what the container does. */
  readonly runTask: (spec: TaskSpec) => Promise<TaskOutcome>;
  /** Ends a running task (SIGTERM, SIGKILL after 10 s); its `runTask` resolves as `cancelled`. Unknown ids are no error. */
  readonly cancelTask: (id: string) => Promise<void>;
  /** Starts one instance of a worker pool's revision, and answers as `startRevision` does. */
  readonly startWorkers: (spec: WorkerSpec) => Promise<StartOutcome>;
  /**
   * How many instances of each of its revisions a worker pool has from now on; those that are not named have none. An instance that ends is started again,
   * after a pause that grows with each in a row.
   */
  readonly setWorkers: (workerPool: string, counts: readonly WorkerCount[]) => void;
  /** Stops all instances of a worker pool's revision. Unknown names are no error. */
  readonly removeWorkers: (revision: string) => Promise<void>;
  /** Stops all instances of a worker pool. Unknown names are no error. */
  readonly removeWorkerPool: (workerPool: string) => Promise<void>;
  /** Kept log lines, oldest first; the oldest go first when the bound on lines or bytes is reached. */
  readonly logs: (selector: LogSelector) => readonly LogLine[];
  /** What the router has counted since the revision was first started. */
  readonly stats: (revision: string) => RevisionStats | undefined;
  /** What the router has counted minute by minute, oldest first; minutes without an answer are left out, the oldest go first beyond a day. */
  readonly series: (revision: string) => readonly MinuteCounts[];
  /**
   * Who may call the service, from now on. Takes effect for a service that does not exist yet, too. A service whose access was never set is open
   * to everyone, unless the plane was made with `enforceInvoker`.
   */
  readonly setAccess: (service: string, access: ServiceAccess) => void;
  /** What is asked of the service as a whole, divided over its revisions by their shares. Needs no new revision. */
  readonly setScaling: (service: string, scaling: ServiceScaling) => void;
  /** Tells how many instances of each revision are warm and should be, now and after every change, until the returned function is called. */
  readonly watchInstances: (listener: (count: InstanceCount) => void) => () => void;
  /** Stops everything that was started here, and removes it. */
  readonly close: () => Promise<void>;
}

/** What a container is made from, be it a revision's or a task's. */
export interface ContainerSpec {
  /** `host[:port]/path[:tag][@digest]` as the manifest of the service says it. */
  readonly image: string;
  /** Replaces the image's entrypoint unless empty. */
  readonly command: readonly string[];
  /** Replaces the image's command unless empty (and, as in Cloud Run, the image's command is dropped when `command` is given). */
  readonly args: readonly string[];
  readonly workingDir?: string;
  /** Plain values, secrets already resolved. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path in the container to content, for secret volumes. */
  readonly files: Readonly<Record<string, string>>;
  /** Absolute path in the container to the name of a folder, empty at the start, that all containers of the instance with that name share. */
  readonly folders?: Readonly<Record<string, string>>;
  /** As Cloud Run says it: `1`, `2`, `500m`. */
  readonly cpu?: string;
  /** As Cloud Run says it: `512Mi`, `1Gi`. */
  readonly memory?: string;
}

/** A container beside the one that requests go to, or that a task is about: they share the machine's network and each other's end. */
export interface SidecarSpec extends ContainerSpec {
  /** Unlike that of every other container of the instance. */
  readonly containerName: string;
  /** Names of the containers whose startup probes must have passed before this one is started. */
  readonly dependsOn?: readonly string[];
  readonly startupProbe?: ProbeSpec;
  readonly livenessProbe?: ProbeSpec;
}

export interface RevisionSpec extends ContainerSpec {
  /** Full resource name of the revision. */
  readonly name: string;
  /** Full resource name of the service. */
  readonly service: string;
  /** The port that the service's manifest names, 8080 unless told. Instances get a free port of their own in `PORT`. */
  readonly port: number;
  /** A TCP connection to the port within 240 s unless told. */
  readonly startupProbe?: ProbeSpec;
  /** Asked once the startup probe has passed; an instance that fails it is shut down. */
  readonly livenessProbe?: ProbeSpec;
  /** Asked once the startup probe has passed; an instance gets no new requests while it fails. */
  readonly readinessProbe?: ProbeSpec;
  /** Ready as soon as the container runs; nothing is asked. */
  readonly healthCheckDisabled: boolean;
  /** As the log names it; the service's name with `-1` unless told. */
  readonly containerName?: string;
  readonly dependsOn?: readonly string[];
  readonly sidecars?: readonly SidecarSpec[];
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly concurrency: number;
  /** Longest time for one request before 504; 300 in Cloud Run unless told. */
  readonly timeoutSeconds: number;
  readonly h2c: boolean;
  /** Answers carry a `GAESA` cookie that brings the client's next request to the same instance. */
  readonly sessionAffinity?: boolean;
}

/** A revision of a worker pool: its containers get no requests. */
export interface WorkerSpec {
  /** Full resource name of the revision. */
  readonly name: string;
  /** Full resource name of the worker pool. */
  readonly workerPool: string;
  readonly containers: readonly SidecarSpec[];
}

export interface WorkerCount {
  /** Full resource name. */
  readonly revision: string;
  readonly instances: number;
  /** To start them where the revision is not known, as after a restart. */
  readonly spec?: WorkerSpec;
}

export interface ProbeSpec {
  /** `grpc` asks `grpc.health.v1.Health/Check`; SERVING passes. */
  readonly kind: 'tcp' | 'http' | 'grpc';
  /** For `http`; `/` unless told. Any answer from 200 to 399 passes. */
  readonly path?: string;
  /** For `grpc`; the empty name, which stands for the whole server, unless told. */
  readonly service?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A port other than the container's own. */
  readonly port?: number;
  readonly initialDelaySeconds?: number;
  /** 1 unless told. */
  readonly timeoutSeconds?: number;
  /** 10 unless told. */
  readonly periodSeconds?: number;
  /** 3 unless told. */
  readonly failureThreshold?: number;
  /** For readiness: passes in a row after which an instance that had failed gets requests again; 1 unless told. */
  readonly successThreshold?: number;
}

/** `message` is what Cloud Run says of the container, without the leading "Revision 'x' is not ready and cannot serve traffic. ". */
export type StartOutcome =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly reason: StartFailureReason; readonly message: string };

export type StartFailureReason = 'HEALTH_CHECK_CONTAINER_ERROR' | 'CONTAINER_MISSING';

export interface Routes {
  /** Short or full revision names; percents are whole and sum to 100. Empty while no revision is ready: requests get 404. */
  readonly targets: readonly { readonly revision: string; readonly percent: number }[];
  readonly tags: readonly { readonly tag: string; readonly revision: string }[];
}

export interface ServiceAddresses {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly tagUrls: Readonly<Record<string, string>>;
  /** The name under which the host port knows the service: `svc-hash-uc.a.run.app`; a tag's is `tag---` before it. */
  readonly host: string;
}

export interface TaskSpec extends ContainerSpec {
  /** As the log names it where there are several. */
  readonly containerName?: string;
  readonly dependsOn?: readonly string[];
  readonly startupProbe?: ProbeSpec;
  /** Ended when the task's own container ends; one that fails before that fails the task. */
  readonly sidecars?: readonly SidecarSpec[];
  /** Names this attempt, unique in the plane, for `cancelTask` and for logs. */
  readonly id: string;
  /** Full resource name of the execution; its last segment is `CLOUD_RUN_EXECUTION`. */
  readonly execution: string;
  /** Full resource name of the job; its last segment is `CLOUD_RUN_JOB`. */
  readonly job: string;
  readonly taskIndex: number;
  /** From 0, as `CLOUD_RUN_TASK_ATTEMPT`. */
  readonly attempt: number;
  readonly taskCount: number;
  readonly timeoutSeconds: number;
}

/** `exitCode` 0 of `exited` is the one success. */
export type TaskOutcome =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly message: string }
  | { readonly kind: 'signalled'; readonly signal: string; readonly message: string }
  | { readonly kind: 'timed-out'; readonly message: string }
  | { readonly kind: 'cancelled'; readonly message: string }
  | { readonly kind: 'not-started'; readonly reason: StartFailureReason; readonly message: string };

/** Full resource names, or the id of one task attempt. */
export type LogSelector =
  { readonly revision: string } | { readonly execution: string } | { readonly task: string };

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
  /** `system` is what the platform says of the container: started, exited, killed. */
  readonly stream: 'stdout' | 'stderr' | 'system';
  readonly text: string;
  /** Which container, where an instance has several. */
  readonly container?: string;
}

export interface ServiceAccess {
  /** Whether callers need no identity token: the policy grants allUsers, or `invokerIamDisabled`. As the plane's `enforceInvoker` says unless told. */
  readonly isPublic?: boolean;
  /** As the service's `ingress` says; `ALL` unless told. */
  readonly ingress?: 'ALL' | 'INTERNAL_ONLY' | 'INTERNAL_LOAD_BALANCER' | 'NONE';
  /** Beside the service's own URLs: `customAudiences`, and any other URL that the control plane gives the service. */
  readonly audiences: readonly string[];
}

export interface ServiceScaling {
  readonly minInstances?: number;
  readonly maxInstances?: number;
  /** Manual scaling: so many instances, whatever the requests. */
  readonly instances?: number;
}

export interface InstanceCount {
  /** Full resource name of the revision. */
  readonly revision: string;
  /** Instances that have passed their startup probe. */
  readonly warm: number;
  /** The least that should be warm as the traffic is now; fewer is Cloud Run's MIN_INSTANCES_WARMING. */
  readonly wanted: number;
}

/** The answers of one minute. */
export interface MinuteCounts {
  /** Start of the minute in milliseconds since the epoch. */
  readonly startMs: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Only classes that had an answer. */
  readonly byClass: Readonly<Partial<Record<StatusClass, LatencyHistogram>>>;
}

export type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx';

export interface RevisionStats {
  /** Answered requests; those in flight are not in it. */
  readonly requests: number;
  /** Requests that its share of the service's traffic brought, in flight or answered; the others came by a tag. */
  readonly byShare: number;
  readonly byClass: Readonly<Record<StatusClass, number>>;
  readonly latency: LatencyHistogram;
  readonly inFlight: number;
  readonly instances: number;
  /** Times that an instance was started, the first included. */
  readonly starts: number;
}

/** `counts[i]` answers took up to `boundsMs[i]` and more than the bound before; the last count has no bound. */
export interface LatencyHistogram {
  readonly boundsMs: readonly number[];
  readonly counts: readonly number[];
  readonly sumMs: number;
}

export type DataPlaneErrorCode =
  | 'closed'
  | 'revision-unknown'
  | 'percent-invalid'
  | 'tag-invalid'
  | 'deadline-exceeded'
  | 'port-unavailable'
  | 'engine-unreachable';

export class DataPlaneError extends Error {
  readonly code: DataPlaneErrorCode;

  constructor(code: DataPlaneErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DataPlaneError';
    this.code = code;
  }
}
