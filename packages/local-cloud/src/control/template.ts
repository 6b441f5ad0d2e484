import { canonical } from './canonical.ts';
import { placeOf, projectNumber } from './names.ts';
import type { Container, ExecutionTemplate, RevisionTemplate, TaskTemplate } from './resources.ts';
import { without } from './without.ts';

const STARTUP_SECONDS = 240;

/** A revision template with the values that the API fills in. It leaves open where a service runs, as Terraform's provider expects of it; only jobs are told. */
export function withRevisionDefaults(template: RevisionTemplate, resource: string): RevisionTemplate {
  return {
    timeout: '300s',
    maxInstanceRequestConcurrency: 80,
    serviceAccount: defaultServiceAccount(resource),
    ...template,
    containers: (template.containers ?? []).map((container, index) =>
      withContainerDefaults(container, { template, isFirst: index === 0 }),
    ),
  };
}

/** An execution template with the values that the API fills in: note three retries of each task. */
export function withExecutionDefaults(template: ExecutionTemplate, resource: string): ExecutionTemplate {
  return { taskCount: 1, ...template, template: withTaskDefaults(template.template ?? {}, resource) };
}

/** A worker pool's template with the values that the API fills in: a worker has no port and no probe unless it asks for one. */
export function withWorkerDefaults(template: RevisionTemplate, resource: string): RevisionTemplate {
  return {
    serviceAccount: defaultServiceAccount(resource),
    ...template,
    containers: (template.containers ?? []).map((container) => withLimits(container, {})),
  };
}

/** Whether two templates make the same revision: the name of the revision is no part of it. */
export function isSameConfiguration(a: RevisionTemplate, b: RevisionTemplate): boolean {
  return canonical(without(a, 'revision')) === canonical(without(b, 'revision'));
}

/** The container that requests go to: the one that names a port, else the first. */
export function ingressContainer(containers: readonly Container[] | undefined): Container {
  return containers?.find(({ ports }) => ports !== undefined) ?? containers?.[0] ?? {};
}

function withContainerDefaults(
  container: Container,
  { template, isFirst }: { readonly template: RevisionTemplate; readonly isFirst: boolean },
): Container {
  const sized = withLimits(container, { cpuIdle: true });
  const isIngress = container.ports !== undefined || (isFirst && (template.containers ?? []).length === 1);
  if (!isIngress) return sized;
  const ports = container.ports ?? [{ name: 'http1', containerPort: 8080 }];
  if (template.healthCheckDisabled) return { ...sized, ports };
  return { startupProbe: defaultProbe(ports[0]?.containerPort ?? 8080), ...sized, ports };
}

function defaultProbe(port: number): NonNullable<Container['startupProbe']> {
  return {
    timeoutSeconds: STARTUP_SECONDS,
    periodSeconds: STARTUP_SECONDS,
    failureThreshold: 1,
    tcpSocket: { port },
  };
}

// `cpuIdle` is the default only where no resources are written at all (ResourceRequirements.cpu_idle in the proto).
function withLimits(container: Container, unwritten: object): Container {
  const resources = container.resources ?? unwritten;
  return {
    ...container,
    resources: { ...resources, limits: { cpu: '1000m', memory: '512Mi', ...container.resources?.limits } },
  };
}

function withTaskDefaults(template: TaskTemplate, resource: string): TaskTemplate {
  return {
    maxRetries: 3,
    timeout: '600s',
    executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
    serviceAccount: defaultServiceAccount(resource),
    ...template,
    containers: (template.containers ?? []).map((container) => withLimits(container, {})),
  };
}

function defaultServiceAccount(resource: string): string {
  return `${projectNumber(placeOf(resource).project)}-compute@developer.gserviceaccount.com`;
}
