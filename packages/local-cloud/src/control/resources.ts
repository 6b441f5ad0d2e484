/**
 * The messages of google.cloud.run.v2 as their JSON, as far as the control plane looks into them. What it does not
 * look into travels along untouched: the proto check at the door has vouched for its form.
 */
export interface Service extends SystemFields {
  readonly description?: string;
  readonly ingress?: string;
  readonly launchStage?: string;
  readonly template?: RevisionTemplate;
  readonly traffic?: readonly TrafficTarget[];
  readonly scaling?: {
    readonly minInstanceCount?: number;
    readonly maxInstanceCount?: number;
    readonly scalingMode?: string;
    readonly manualInstanceCount?: number;
  };
  readonly customAudiences?: readonly string[];
  readonly invokerIamDisabled?: boolean;
  readonly observedGeneration?: string;
  readonly terminalCondition?: Condition;
  readonly conditions?: readonly Condition[];
  readonly latestReadyRevision?: string;
  readonly latestCreatedRevision?: string;
  readonly trafficStatuses?: readonly TrafficTargetStatus[];
  readonly uri?: string;
  readonly urls?: readonly string[];
  readonly reconciling?: boolean;
}

/** What the API itself writes on every resource, beside what the user may. */
export interface SystemFields {
  readonly name?: string;
  readonly uid?: string;
  readonly generation?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly createTime?: string;
  readonly updateTime?: string;
  readonly deleteTime?: string;
  readonly etag?: string;
}

export interface RevisionTemplate {
  readonly revision?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly scaling?: { readonly minInstanceCount?: number; readonly maxInstanceCount?: number };
  readonly timeout?: string;
  readonly serviceAccount?: string;
  readonly containers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly executionEnvironment?: string;
  readonly maxInstanceRequestConcurrency?: number;
  readonly healthCheckDisabled?: boolean;
  readonly sessionAffinity?: boolean;
}

export interface Container {
  readonly name?: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
  readonly ports?: readonly { readonly name?: string; readonly containerPort?: number }[];
  readonly volumeMounts?: readonly { readonly name?: string; readonly mountPath?: string }[];
  readonly workingDir?: string;
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  /** Names of containers of the same template. */
  readonly dependsOn?: readonly string[];
}

export interface EnvVar {
  readonly name?: string;
  readonly value?: string;
  readonly valueSource?: { readonly secretKeyRef?: { readonly secret?: string; readonly version?: string } };
}

export interface Probe {
  readonly initialDelaySeconds?: number;
  readonly timeoutSeconds?: number;
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
  readonly successThreshold?: number;
  readonly httpGet?: {
    readonly path?: string;
    readonly port?: number;
    readonly httpHeaders?: readonly { readonly name?: string; readonly value?: string }[];
  };
  readonly tcpSocket?: { readonly port?: number };
  readonly grpc?: { readonly port?: number; readonly service?: string };
}

export interface Volume {
  readonly name?: string;
  readonly secret?: {
    readonly secret?: string;
    readonly items?: readonly { readonly path?: string; readonly version?: string }[];
  };
  readonly emptyDir?: { readonly medium?: string; readonly sizeLimit?: string };
}

export const LATEST = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
export const REVISION = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';

export interface TrafficTarget {
  readonly type?: string;
  /** Short name; only with type REVISION. */
  readonly revision?: string;
  readonly percent?: number;
  readonly tag?: string;
}

export interface TrafficTargetStatus extends TrafficTarget {
  readonly uri?: string;
}

export interface Condition {
  readonly type: string;
  readonly state: 'CONDITION_PENDING' | 'CONDITION_RECONCILING' | 'CONDITION_FAILED' | 'CONDITION_SUCCEEDED';
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly severity?: 'ERROR' | 'WARNING' | 'INFO';
  readonly reason?: string;
  readonly revisionReason?: string;
  readonly executionReason?: string;
}

export interface Job extends SystemFields {
  readonly launchStage?: string;
  readonly template?: ExecutionTemplate;
  readonly startExecutionToken?: string;
  readonly runExecutionToken?: string;
}

export interface ExecutionTemplate {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly parallelism?: number;
  readonly taskCount?: number;
  readonly template?: TaskTemplate;
}

export interface TaskTemplate {
  readonly containers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly maxRetries?: number;
  readonly timeout?: string;
  readonly serviceAccount?: string;
  readonly executionEnvironment?: string;
}

export interface RunOverrides {
  readonly containerOverrides?: readonly ContainerOverride[];
  readonly taskCount?: number;
  readonly timeout?: string;
}

export interface ContainerOverride {
  readonly name?: string;
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly clearArgs?: boolean;
}
