import type {
  Routes,
  RevisionSpec,
  ServiceAddresses,
  TaskSpec,
  WorkerCount,
  WorkerSpec,
} from '../data-plane.ts';
import { type Bends, type OperationFate, UNBENT } from './bends.ts';
import type { Status } from './cloud-error.ts';
import type { PolicyRecord } from './policy-record.ts';
import type { ExecutionTemplate, Job, RevisionTemplate, Service, TrafficTarget } from './resources.ts';
import type { MicroClock } from './time.ts';
import type { InstanceSplit, WorkerPool } from './worker-pool.ts';

/**
 * All that the control plane knows. Records are never changed in place: a transition checks first and then replaces them, so a refused
 * request leaves everything as it was. What is to be done outside is put into `commands`; whoever performs them feeds back what happened.
 */
export interface World {
  readonly services: Map<string, ServiceRecord>;
  readonly revisions: Map<string, RevisionRecord>;
  readonly jobs: Map<string, JobRecord>;
  readonly executions: Map<string, ExecutionRecord>;
  readonly workerPools: Map<string, WorkerPoolRecord>;
  readonly workerPoolRevisions: Map<string, WorkerPoolRevisionRecord>;
  /** IAM policies by the full names of services, jobs and worker pools. */
  readonly policies: Map<string, PolicyRecord>;
  readonly operations: Map<string, OperationRecord>;
  /** What is left of deleted resources until it expires, by name and uid: names come back. */
  readonly deleted: Map<string, DeletedRecord>;
  /** Emptied by the performer after every transition. */
  readonly commands: Command[];
  readonly now: MicroClock;
  readonly ids: Ids;
  readonly secrets: SecretReader;
  readonly bends: Bends;
  /** Never fewer than there are tags, so that they need not be counted for each new one; unknown until they have been. */
  readonly mostTags: { count: number | undefined };
}

export interface Ids {
  readonly uuid: () => string;
  /** Lower-case letters and digits for the end of a generated name; the first is a letter. */
  readonly suffix: (length: number) => string;
}

/** The value of a version (`latest` or a number) of a secret by its short name. */
export type SecretReader = (secret: string, version: string) => string | undefined;

/**
 * What the world asks to be done, in this order. `uid` is that of the revision, service, worker pool or task that it is done for: names come back, and what
 * comes of a command is not to be told to another of the same name.
 */
export type Command =
  | { readonly kind: 'start-revision'; readonly uid: string; readonly spec: RevisionSpec }
  | {
      readonly kind: 'set-routes';
      readonly uid: string;
      readonly service: string;
      readonly generation: number;
      readonly routes: Routes;
    }
  | { readonly kind: 'set-access'; readonly service: string }
  | { readonly kind: 'remove-revision'; readonly revision: string }
  | { readonly kind: 'remove-service'; readonly service: string; readonly operation: string }
  | { readonly kind: 'start-workers'; readonly uid: string; readonly spec: WorkerSpec }
  | {
      readonly kind: 'set-workers';
      readonly uid: string;
      readonly workerPool: string;
      readonly generation: number;
      readonly counts: readonly WorkerCount[];
    }
  | { readonly kind: 'remove-workers'; readonly revision: string }
  | { readonly kind: 'remove-worker-pool'; readonly workerPool: string; readonly operation: string }
  | { readonly kind: 'run-task'; readonly uid: string; readonly spec: TaskSpec }
  | { readonly kind: 'cancel-task'; readonly id: string };

export interface Failure {
  readonly status: Status;
  readonly message: string;
  /** A CommonReason or RevisionReason of the condition that says so. */
  readonly reason: string;
}

/** What every resource has. */
export interface ResourceRecord {
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly createMicros: number;
  /** Makes the etag: moves with every change that a client can see. */
  readonly updateMicros: number;
  /** Full name of the operation of the last write, which v1 says in an annotation. */
  readonly lastOperation?: string;
}

export interface ServiceRecord extends ResourceRecord {
  /** What the user may write, defaults filled in. */
  readonly spec: Service;
  readonly progress: Progress;
  readonly transitionMicros: number;
  readonly observedGeneration: number;
  readonly latestCreated?: string;
  readonly latestReady?: string;
  /** Counts revisions ever made: the number in generated names. */
  readonly revisionCount: number;
  /** What the routes were when they were last programmed. */
  readonly serving?: Serving;
  /** When each tag of the traffic was first given. */
  readonly tagMicros: Readonly<Record<string, number>>;
  /** Writes whose operations are not done yet. */
  readonly waiting: readonly WaitingWrite[];
}

export type Progress =
  | { readonly kind: 'reconciling'; readonly judged?: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly at: 'configuration' | 'routes'; readonly failure: Failure };

export interface Serving {
  readonly traffic: readonly TrafficTarget[];
  readonly routes: Routes;
  readonly addresses: ServiceAddresses;
}

export interface WaitingWrite {
  readonly operation: string;
  readonly generation: number;
  /** The revision that this write brought; its failure is the write's own. */
  readonly judged?: string;
}

export interface RevisionRecord extends ResourceRecord {
  readonly service: string;
  /** The generation of the service that brought it. */
  readonly serviceGeneration?: number;
  readonly template: RevisionTemplate;
  readonly launchStage: string;
  readonly start:
    | { readonly kind: 'starting' }
    | { readonly kind: 'ready'; readonly micros: number }
    | { readonly kind: 'failed'; readonly micros: number; readonly failure: Failure };
  /** When it last came into or went out of the routes. */
  readonly routedMicros: number;
  /** As the data plane last said; absent where it cannot tell, and where there are none and none are wanted. */
  readonly instances?: Instances;
}

/** How many instances of a revision are ready, and the least that should be as the traffic is now. */
export interface Instances {
  readonly warm: number;
  readonly wanted: number;
}

export interface JobRecord extends ResourceRecord {
  readonly spec: Job;
  /** Why the job cannot run. */
  readonly failure?: Failure;
  /** The execution that the job's readiness hangs on: that of `runExecutionToken`. */
  readonly awaited?: string;
  readonly executionCount: number;
  /** Full name of the newest execution. */
  readonly latestExecution?: string;
}

export interface ExecutionRecord extends ResourceRecord {
  readonly job: string;
  readonly template: ExecutionTemplate;
  readonly tasks: readonly TaskRecord[];
  readonly startMicros?: number;
  readonly completionMicros?: number;
  /** Whether somebody has asked for its end. */
  readonly isCancelled: boolean;
  /** Why no task was started. */
  readonly failure?: Failure;
  /** Operations that are done when the execution is. */
  readonly waiting: readonly ExecutionWait[];
}

export interface ExecutionWait {
  readonly operation: string;
  /** Whose message answers: the execution's own, or its job's for `runExecutionToken`. */
  readonly answer: 'execution' | 'job';
}

export interface TaskRecord {
  readonly name: string;
  readonly uid: string;
  readonly index: number;
  readonly state: 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly attempt: number;
  readonly startMicros?: number;
  readonly completionMicros?: number;
  readonly updateMicros: number;
  readonly last?: TaskAttempt;
}

export interface TaskAttempt {
  readonly message: string;
  readonly exitCode?: number;
  readonly termSignal?: number;
  /** A CommonReason when the container could not even be made. */
  readonly reason?: string;
}

export interface WorkerPoolRecord extends ResourceRecord {
  /** What the user may write, defaults filled in. */
  readonly spec: WorkerPool;
  /** Full name of the newest revision. */
  readonly latestCreated: string;
  /** Counts revisions ever made: the number in generated names. */
  readonly revisionCount: number;
  /** Absent in the state of a release that ran no workers: as if ready. */
  readonly progress?: PoolProgress;
  readonly transitionMicros?: number;
  readonly observedGeneration?: number;
  readonly latestReady?: string;
  /** The splits as they were when the instances were last set. */
  readonly splits?: readonly InstanceSplit[];
  /** Writes whose operations are not done yet. */
  readonly waiting?: readonly WaitingWrite[];
}

export type PoolProgress =
  | { readonly kind: 'reconciling' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface WorkerPoolRevisionRecord extends ResourceRecord {
  readonly workerPool: string;
  readonly template: RevisionTemplate;
  readonly launchStage: string;
  /** Absent in the state of a release that ran no workers: as if ready. */
  readonly start?: RevisionRecord['start'];
}

/** A deleted resource as it last was. */
export interface DeletedRecord {
  readonly key: string;
  readonly name: string;
  readonly createMicros: number;
  readonly expireMicros: number;
  readonly message: object;
  /** The deletion, which may still be under way. */
  readonly operation: string;
}

export interface OperationRecord {
  readonly name: string;
  readonly metadata: object;
  readonly fate?: OperationFate;
  readonly result:
    | { readonly kind: 'running' }
    | { readonly kind: 'done'; readonly response: object }
    | { readonly kind: 'failed'; readonly status: Status; readonly message: string };
}

export interface WorldOptions {
  readonly now: MicroClock;
  readonly ids: Ids;
  readonly secrets: SecretReader;
  /** Nothing is bent unless told. */
  readonly bends?: Bends;
}

export function createWorld(options: WorldOptions): World {
  return {
    services: new Map(),
    revisions: new Map(),
    jobs: new Map(),
    executions: new Map(),
    workerPools: new Map(),
    workerPoolRevisions: new Map(),
    policies: new Map(),
    operations: new Map(),
    deleted: new Map(),
    commands: [],
    bends: UNBENT,
    mostTags: { count: undefined },
    ...options,
  };
}
