/**
 * Parts of Cloud Run's messages that we read and write. Whatever else the API returns in them is kept as it is when
 * they are spread and written back: nothing that we do not know is lost.
 */
export interface RevisionTemplate {
  readonly revision?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly scaling?: { readonly minInstanceCount?: number; readonly maxInstanceCount?: number };
  readonly vpcAccess?: { readonly connector?: string; readonly egress?: string };
  /** `300s`. */
  readonly timeout?: string;
  readonly serviceAccount?: string;
  readonly containers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly maxInstanceRequestConcurrency?: number;
  readonly executionEnvironment?: string;
  readonly healthCheckDisabled?: boolean;
}

export interface Container {
  readonly name?: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly resources?: {
    readonly limits?: Readonly<Record<string, string>>;
    readonly cpuIdle?: boolean;
    readonly startupCpuBoost?: boolean;
  };
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly volumeMounts?: readonly VolumeMount[];
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueSource?: { readonly secretKeyRef: { readonly secret: string; readonly version: string } };
}

export interface Volume {
  readonly name: string;
  readonly secret?: {
    readonly secret: string;
    readonly items?: readonly { readonly path: string; readonly version: string; readonly mode?: number }[];
    readonly defaultMode?: number;
  };
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
}

/** What a job runs: the template of its tasks. */
export interface TaskTemplate {
  readonly containers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly maxRetries?: number;
  /** `600s`. */
  readonly timeout?: string;
  readonly serviceAccount?: string;
  readonly vpcAccess?: { readonly connector?: string; readonly egress?: string };
  readonly executionEnvironment?: string;
}

export interface ExecutionTemplate {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly parallelism?: number;
  readonly taskCount?: number;
  readonly template?: TaskTemplate;
}
