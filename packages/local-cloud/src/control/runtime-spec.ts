import type { ContainerSpec, RevisionSpec, TaskSpec } from '../data-plane.ts';
import { containerSpec, type Missing, type Resolved, type Setting } from './container-spec.ts';
import { probesOf, sidecarProbes } from './probe-spec.ts';
import type { RevisionTemplate, TaskTemplate } from './resources.ts';
import { containerName, sidecarSpecs } from './sidecar-specs.ts';
import { ingressContainer } from './template.ts';
import { durationSeconds } from './time.ts';
import type { SecretReader } from './world.ts';

export function revisionSpec(
  name: string,
  service: string,
  { template, secrets }: { readonly template: RevisionTemplate; readonly secrets: SecretReader },
): Resolved<RevisionSpec> {
  const container = ingressContainer(template.containers);
  const base = containerSpec(container, template, { resource: name, secrets });
  const beside = sidecarSpecs(container, template, { resource: name, owner: service, secrets });
  if (base.kind === 'secrets-missing' || beside.kind === 'secrets-missing') return bothMissing(base, beside);
  const port = container.ports?.[0];
  return {
    kind: 'resolved',
    spec: {
      ...base.spec,
      name,
      service,
      port: port?.containerPort ?? 8080,
      h2c: port?.name === 'h2c',
      ...probesOf(container, port?.containerPort ?? 8080),
      healthCheckDisabled: template.healthCheckDisabled ?? false,
      minInstances: template.scaling?.minInstanceCount ?? 0,
      maxInstances: template.scaling?.maxInstanceCount ?? 100,
      concurrency: template.maxInstanceRequestConcurrency ?? 80,
      timeoutSeconds: durationSeconds(template.timeout ?? '300s'),
      sessionAffinity: template.sessionAffinity ?? false,
      ...(container.name === undefined ? {} : { containerName: container.name }),
      ...(container.dependsOn === undefined ? {} : { dependsOn: container.dependsOn }),
      ...(beside.spec.length === 0
        ? {}
        : { containerName: containerName(container, template, service), sidecars: beside.spec }),
    },
  };
}

/** What a task's own container, which is the first, and those beside it are made from. */
export function taskContainers(
  template: TaskTemplate,
  setting: Setting & { readonly job: string },
): Resolved<ContainerSpec & Pick<TaskSpec, 'containerName' | 'dependsOn' | 'startupProbe' | 'sidecars'>> {
  const container = template.containers?.[0] ?? {};
  const base = containerSpec(container, template, setting);
  const beside = sidecarSpecs(container, template, { ...setting, owner: setting.job });
  if (base.kind === 'secrets-missing' || beside.kind === 'secrets-missing') return bothMissing(base, beside);
  if (beside.spec.length === 0) return base;
  const { startupProbe } = sidecarProbes(container);
  return {
    kind: 'resolved',
    spec: {
      ...base.spec,
      containerName: containerName(container, template, setting.job),
      ...(startupProbe === undefined ? {} : { startupProbe }),
      ...(container.dependsOn === undefined ? {} : { dependsOn: container.dependsOn }),
      sidecars: beside.spec,
    },
  };
}

function bothMissing(...parts: readonly Resolved<unknown>[]): Missing {
  const missing = parts.flatMap((part) => (part.kind === 'secrets-missing' ? [part.message] : []));
  return { kind: 'secrets-missing', message: missing.join('\n') };
}
