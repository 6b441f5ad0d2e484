import type { RunSettings } from '@fairlead/manifest';
import { mergedEnv } from './merged-env.ts';
import { mountedSecrets } from './mounted-secrets.ts';
import type { Container, RevisionTemplate } from './template.ts';

/** What a revision is to be. Settings that are absent leave what is live alone. */
export interface RevisionIntent {
  readonly settings: RunSettings;
  /** By digest. */
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** A worker answers no requests: it is not probed, and one instance always runs. */
  readonly isWorker: boolean;
}

/** The live template with everything that is managed laid over it, and without a revision's name. */
export function buildTemplate(live: RevisionTemplate | undefined, intent: RevisionIntent): RevisionTemplate {
  const { settings, labels, isWorker } = intent;
  const kept = withoutName(live ?? {});
  const [container, ...sidecars] = kept.containers ?? [];
  const mounted = mountedSecrets(kept.volumes, container?.volumeMounts, settings.secretFiles);
  const scaling = scalingOf(kept.scaling, settings, isWorker);
  return {
    ...kept,
    labels: { ...kept.labels, ...labels },
    ...(scaling === undefined ? {} : { scaling }),
    ...(isWorker ? { healthCheckDisabled: true } : {}),
    ...defined({
      maxInstanceRequestConcurrency: settings.concurrency,
      timeout: settings.timeoutSeconds === undefined ? undefined : `${settings.timeoutSeconds}s`,
      serviceAccount: settings.serviceAccount,
      vpcAccess: vpcOf(kept.vpcAccess, settings),
    }),
    ...(mounted.volumes.length === 0 ? {} : { volumes: mounted.volumes }),
    containers: [{ ...containerOf(container, intent), ...mounts(mounted.volumeMounts) }, ...sidecars],
  };
}

function withoutName(template: RevisionTemplate): RevisionTemplate {
  return Object.fromEntries(Object.entries(template).filter(([field]) => field !== 'revision'));
}

function containerOf(live: Container | undefined, intent: RevisionIntent): Container {
  const { settings, image } = intent;
  const env = mergedEnv(live?.env, settings);
  const resources = resourcesOf(live?.resources, intent);
  return {
    ...live,
    image,
    ...(env.length === 0 ? {} : { env }),
    ...(resources === undefined ? {} : { resources }),
    ...defined({
      command: settings.command,
      args: settings.args,
      ports:
        settings.port === undefined ? undefined : [{ ...live?.ports?.[0], containerPort: settings.port }],
    }),
  };
}

function mounts(volumeMounts: Container['volumeMounts']): Pick<Container, 'volumeMounts'> {
  return volumeMounts === undefined || volumeMounts.length === 0 ? {} : { volumeMounts };
}

// A worker has no requests during which it would be given a CPU: it needs one all the time.
function resourcesOf(
  live: Container['resources'],
  { settings, isWorker }: RevisionIntent,
): Container['resources'] {
  const limits = limitsOf(live?.limits, settings);
  if (limits === undefined && !isWorker) return live;
  return { ...live, ...defined({ limits }), ...(isWorker ? { cpuIdle: false } : {}) };
}

function limitsOf(
  live: Readonly<Record<string, string>> | undefined,
  { cpu, memory }: RunSettings,
): Readonly<Record<string, string>> | undefined {
  if (cpu === undefined && memory === undefined) return undefined;
  return {
    ...live,
    ...(cpu === undefined ? {} : { cpu: cpuOf(live?.['cpu'], cpu) }),
    ...defined({ memory }),
  };
}

// "1" and "1000m" are the same; keeping the live spelling makes no revision of a difference that is none.
function cpuOf(live: string | undefined, cpu: string): string {
  return live !== undefined && milli(live) === milli(cpu) ? live : cpu;
}

function milli(cpu: string): number {
  return cpu.endsWith('m') ? Number(cpu.slice(0, -1)) : Number(cpu) * 1000;
}

function scalingOf(
  live: RevisionTemplate['scaling'],
  { minInstances, maxInstances }: RunSettings,
  isWorker: boolean,
): RevisionTemplate['scaling'] {
  const least = minInstances ?? (isWorker ? Math.max(1, live?.minInstanceCount ?? 0) : undefined);
  if (least === undefined && maxInstances === undefined) return live;
  return { ...live, ...defined({ minInstanceCount: least, maxInstanceCount: maxInstances }) };
}

function vpcOf(live: RevisionTemplate['vpcAccess'], { vpc }: RunSettings): RevisionTemplate['vpcAccess'] {
  if (vpc === undefined) return undefined;
  const egress = vpc.egress === 'all-traffic' ? 'ALL_TRAFFIC' : 'PRIVATE_RANGES_ONLY';
  return { ...live, connector: vpc.connector, egress };
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
