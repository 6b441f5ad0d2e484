import { durationMs } from './duration.ts';
import type {
  Environment,
  HealthCheck,
  Image,
  Manifest,
  Migration,
  Rollout,
  RunSettings,
  SmokeCheck,
  Subgraph,
  Unit,
} from './manifest.ts';
import { present } from './present.ts';
import type {
  WrittenEnvironment,
  WrittenHealth,
  WrittenImage,
  WrittenManifest,
  WrittenMigration,
  WrittenRollout,
  WrittenRun,
  WrittenSmoke,
  WrittenSubgraph,
  WrittenUnit,
} from './shape.ts';

/** The manifest as the code reads it, with every default filled in. */
export function manifestOf(written: WrittenManifest, file: string): Manifest {
  return {
    file,
    ...placesOf(written),
    environments: Object.entries(written.environments).map(([name, entry]) => environmentOf(name, entry)),
    shared: Object.entries(written.shared ?? {}).map(([name, paths]) => ({ name, paths: listed(paths) })),
    units: Object.entries(written.units).map(([name, entry]) => unitOf(name, entry)),
    policy: { requireNonRoot: written.policy?.['require-non-root'] ?? false },
  };
}

function environmentOf(name: string, written: WrittenEnvironment): Environment {
  return {
    name,
    branches: listed(written.branches),
    tags: listed(written.tags),
    ...placesOf(written),
    suffix: written.suffix ?? '',
    protected: written.protected ?? false,
    rollout: rolloutOf(written.rollout ?? { steps: [100] }),
    run: runOf(written.run ?? {}),
  };
}

function unitOf(name: string, written: WrittenUnit): Unit {
  const service = written.service ?? name;
  const paths = listed(written.paths);
  const { kind, health, migration, subgraph, rollout } = written;
  return {
    name,
    kind,
    service,
    paths,
    needs: listed(written.needs),
    ...present({
      image: kind === 'external' ? undefined : imageOf(name, written.image ?? {}),
      health: health && healthOf(service, health),
      migration: migration && migrationOf({ unit: name, paths }, migration),
      subgraph: subgraph && subgraphOf(name, subgraph),
      rollout: rollout && rolloutOf(rollout),
    }),
    run: runOf(written.run ?? {}),
    smoke: (written.smoke ?? []).map(smokeOf),
  };
}

function placesOf(written: Pick<WrittenManifest, 'project' | 'region' | 'registry' | 'supergraph-bucket'>) {
  const { project, region, registry, 'supergraph-bucket': supergraphBucket } = written;
  return present({ project, region, registry, supergraphBucket });
}

function imageOf(unit: string, written: WrittenImage): Image {
  const { dockerfile, target, pack } = written;
  return {
    name: written.name ?? unit,
    context: written.context ?? '.',
    args: written.args ?? {},
    platforms: written.platforms === undefined ? ['linux/amd64'] : listed(written.platforms),
    ...present({ dockerfile, target }),
    ...(pack && {
      pack: {
        base: pack.base,
        files: listed(pack.files),
        workdir: pack.workdir ?? '/app',
        command: pack.command,
        env: pack.env ?? {},
        ...present({ prepare: pack.prepare, user: pack.user }),
      },
    }),
  };
}

function runOf(written: WrittenRun): RunSettings {
  const { port, cpu, memory, concurrency, timeout, command, args, vpc, ingress } = written;
  return {
    ...present({
      port,
      cpu: cpu === undefined ? undefined : String(cpu),
      memory,
      minInstances: written['min-instances'],
      maxInstances: written['max-instances'],
      concurrency,
      timeoutSeconds: timeout === undefined ? undefined : secondsOf(timeout),
      command,
      args,
      serviceAccount: written['service-account'],
      vpc,
      ingress,
      public: written.public,
    }),
    env: written.env ?? {},
    secrets: written.secrets ?? {},
    secretFiles: written['secret-files'] ?? {},
  };
}

function healthOf(service: string, written: WrittenHealth): HealthCheck {
  return {
    path: written.path ?? '/health',
    contract: written.contract ?? 'strict',
    service: written.service ?? service,
    dependencies: written.dependencies ?? [],
    attempts: written.attempts ?? 30,
    intervalMs: durationMs(written.interval ?? '5s'),
  };
}

function smokeOf(written: WrittenSmoke): SmokeCheck {
  const { name, body, graphql, contains } = written;
  return {
    name,
    method: written.method ?? (graphql === undefined ? 'GET' : 'POST'),
    path: written.path ?? (graphql === undefined ? '/' : '/graphql'),
    status: written.status ?? 200,
    ...present({ body, graphql, contains }),
  };
}

function migrationOf(
  owner: { readonly unit: string; readonly paths: readonly string[] },
  written: WrittenMigration,
): Migration {
  return {
    job: written.job ?? `migrate-${owner.unit}`,
    command: written.command,
    args: written.args ?? [],
    paths: written.paths === undefined ? owner.paths : listed(written.paths),
    timeoutSeconds: secondsOf(written.timeout ?? '10m'),
    env: written.env ?? {},
    secrets: written.secrets ?? {},
  };
}

function subgraphOf(unit: string, written: WrittenSubgraph): Subgraph {
  return {
    name: written.name ?? unit,
    schema: written.schema,
    path: written.path ?? '/graphql',
    ...present({ routingUrl: written['routing-url'] }),
  };
}

function rolloutOf(written: WrittenRollout): Rollout {
  return { steps: written.steps, intervalMs: durationMs(written.interval ?? '60s') };
}

/** Whole seconds, a started one counted. */
function secondsOf(duration: string): number {
  return Math.ceil(durationMs(duration) / 1000);
}

function listed(written: string | readonly string[] | undefined): readonly string[] {
  if (written === undefined) return [];
  return typeof written === 'string' ? [written] : written;
}
