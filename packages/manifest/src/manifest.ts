/** What a unit is, and so how it is built, deployed and judged. */
export type UnitKind = 'service' | 'worker' | 'gateway' | 'web' | 'external';

/** A checked `fairlead.yaml`. Everything that was not written stays absent: unset means "leave the live value alone". */
export interface Manifest {
  /** Path of the file as it was named by the caller, for messages. */
  readonly file: string;
  readonly project?: string;
  readonly region?: string;
  /** Image prefix, such as `us-central1-docker.pkg.dev/acme/services`. */
  readonly registry?: string;
  /** `gs://` bucket (name alone) that holds the composed supergraphs. */
  readonly supergraphBucket?: string;
  readonly environments: readonly Environment[];
  readonly shared: readonly SharedSet[];
  /** In the order of the file. */
  readonly units: readonly Unit[];
  readonly policy: Policy;
}

export interface Environment {
  readonly name: string;
  /** Glob patterns of branch and tag names that deliver to this environment. */
  readonly branches: readonly string[];
  readonly tags: readonly string[];
  readonly project?: string;
  readonly region?: string;
  readonly registry?: string;
  readonly supergraphBucket?: string;
  /** Appended to every service and job name, such as `-auto`. */
  readonly suffix: string;
  readonly protected: boolean;
  /** Steps of a rollout; `[100]` in one interval unless written. */
  readonly rollout: Rollout;
  readonly run: RunSettings;
}

export interface SharedSet {
  readonly name: string;
  readonly paths: readonly string[];
}

export interface Unit {
  readonly name: string;
  readonly kind: UnitKind;
  /** Name of the Cloud Run service, without the environment's suffix; the unit's name unless written. */
  readonly service: string;
  readonly paths: readonly string[];
  /** Names of shared sets and of other units whose change changes this unit too. */
  readonly needs: readonly string[];
  /** Absent on an `external` unit, which something else builds and deploys. */
  readonly image?: Image;
  readonly run: RunSettings;
  readonly health?: HealthCheck;
  readonly smoke: readonly SmokeCheck[];
  readonly migration?: Migration;
  readonly subgraph?: Subgraph;
  readonly rollout?: Rollout;
}

export interface Image {
  /** Last part of the image name; the unit's name unless written. */
  readonly name: string;
  readonly dockerfile?: string;
  /** `.` unless written. */
  readonly context: string;
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string;
  /** `linux/amd64` unless written. */
  readonly platforms: readonly string[];
  readonly pack?: Pack;
}

/** An image without an engine: files laid on a base by registry calls alone. */
export interface Pack {
  /** Base image, or `scratch`; may name build arguments as Dockerfiles do. */
  readonly base: string;
  /** Shell command that is run in the context first, such as `npm ci --omit=dev`. */
  readonly prepare?: string;
  /** Paths or globs below the context. */
  readonly files: readonly string[];
  /** Absolute folder in the image; `/app` unless written. */
  readonly workdir: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly user?: string;
}

export interface RunSettings {
  readonly port?: number;
  readonly cpu?: string;
  readonly memory?: string;
  readonly minInstances?: number;
  readonly maxInstances?: number;
  readonly concurrency?: number;
  /** Seconds. */
  readonly timeoutSeconds?: number;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Environment variable to `secret:version`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Absolute file path to `secret:version`. */
  readonly secretFiles: Readonly<Record<string, string>>;
  readonly serviceAccount?: string;
  readonly vpc?: { readonly connector: string; readonly egress: 'private-ranges-only' | 'all-traffic' };
  readonly ingress?: 'all' | 'internal' | 'internal-and-load-balancer';
  /** Whether anyone may call the service; absent leaves it as it is. */
  readonly public?: boolean;
}

export interface HealthCheck {
  /** `/health` unless written. */
  readonly path: string;
  /** `strict`: 200 and a JSON body with status, service, version and every dependency connected; `status`: 2xx is enough. */
  readonly contract: 'strict' | 'status';
  /** The `service` that the body must name; the unit's service name unless written. */
  readonly service: string;
  /** Dependencies that a strict body must name. */
  readonly dependencies: readonly string[];
  readonly attempts: number;
  readonly intervalMs: number;
}

export interface SmokeCheck {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  /** A GraphQL query, sent as POST JSON; the answer must have data and no errors. */
  readonly graphql?: string;
  readonly status: number;
  /** Text that the body must contain. */
  readonly contains?: string;
}

export interface Migration {
  /** Name of the Cloud Run job, without suffix; `migrate-<unit>` unless written. */
  readonly job: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Paths whose change calls for a run, such as `alembic/versions/**`; the unit's paths unless written. */
  readonly paths: readonly string[];
  /** Seconds for the one attempt; 600 unless written. */
  readonly timeoutSeconds: number;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface Subgraph {
  readonly name: string;
  /** SDL file below the repository's root. */
  readonly schema: string;
  /** Absent: the URL of the unit's service with `path` appended. */
  readonly routingUrl?: string;
  /** `/graphql` unless written. */
  readonly path: string;
}

export interface Rollout {
  /** Rising percents that end with 100. */
  readonly steps: readonly number[];
  /** Milliseconds between two steps. */
  readonly intervalMs: number;
}

export interface Policy {
  readonly requireNonRoot: boolean;
}

/** One environment of a manifest with every setting resolved: what the actions deploy to. */
export interface Deployment {
  readonly environment: string;
  readonly protected: boolean;
  readonly project: string;
  readonly region: string;
  readonly registry: string;
  readonly supergraphBucket?: string;
  readonly units: readonly DeployedUnit[];
}

/** A unit as it stands in one environment: its run settings are merged with the environment's, which win. */
export type DeployedUnit = Unit & {
  /** Name of the Cloud Run service, with the environment's suffix. */
  readonly serviceName: string;
  /** Name of the migration's Cloud Run job, with the environment's suffix; absent without a migration. */
  readonly jobName?: string;
  /** Registry and image name, without tag or digest; of no use on an `external` unit. */
  readonly imageName: string;
  /** The unit's own rollout, or else the environment's. */
  readonly rollout: Rollout;
};
