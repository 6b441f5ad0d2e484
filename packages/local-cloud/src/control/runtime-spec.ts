import type { ContainerSpec, RevisionSpec } from '../data-plane.ts';
import { placeOf, projectNumber, shortName } from './names.ts';
import { probesOf } from './probe-spec.ts';
import type { Container, RevisionTemplate, Volume } from './resources.ts';
import { ingressContainer } from './template.ts';
import { durationSeconds } from './time.ts';
import type { SecretReader } from './world.ts';

/** A spec, or what is missing for it: one line per secret that cannot be read. */
export type Resolved<T> =
  | { readonly kind: 'resolved'; readonly spec: T }
  | { readonly kind: 'secrets-missing'; readonly message: string };

/** Where a template is to run: the full resource name that owns it, and the secrets that can be read there. */
export interface Setting {
  readonly resource: string;
  readonly secrets: SecretReader;
}

export function revisionSpec(
  name: string,
  service: string,
  { template, secrets }: { readonly template: RevisionTemplate; readonly secrets: SecretReader },
): Resolved<RevisionSpec> {
  const container = ingressContainer(template.containers);
  const base = containerSpec(container, template, { resource: name, secrets });
  if (base.kind === 'secrets-missing') return base;
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
    },
  };
}

// One for all: ten thousand revisions are kept.
const none: readonly string[] = [];
const noFiles: Values = { values: {}, missing: [] };

/** What the first container of a task or the ingress container of a revision is made from. */
export function containerSpec(
  container: Container,
  template: { readonly containers?: readonly Container[]; readonly volumes?: readonly Volume[] },
  setting: Setting,
): Resolved<ContainerSpec> {
  const index = template.containers?.indexOf(container) ?? 0;
  const env = envOf(container, `spec.template.spec.containers[${index}]`, setting);
  const files = filesOf(container, template.volumes ?? [], setting);
  const missing = [...env.missing, ...files.missing];
  if (missing.length > 0) return { kind: 'secrets-missing', message: missing.join('\n') };
  const { cpu, memory } = container.resources?.limits ?? {};
  return {
    kind: 'resolved',
    spec: {
      image: container.image ?? '',
      command: container.command ?? none,
      args: container.args ?? none,
      env: env.values,
      files: files.values,
      ...(container.workingDir === undefined ? {} : { workingDir: container.workingDir }),
      ...(cpu === undefined ? {} : { cpu }),
      ...(memory === undefined ? {} : { memory }),
    },
  };
}

interface Values {
  readonly values: Record<string, string>;
  readonly missing: string[];
}

function envOf(container: Container, at: string, setting: Setting): Values {
  const found: Values = { values: {}, missing: [] };
  (container.env ?? []).forEach(({ name = '', value, valueSource }, index) => {
    const reference = valueSource?.secretKeyRef;
    const place = `${at}.env[${index}].value_from.secret_key_ref.name`;
    const content =
      reference === undefined
        ? (value ?? '')
        : read(reference, { at: place, setting, missing: found.missing });
    if (content !== undefined) found.values[name] = content;
  });
  return found;
}

function filesOf(container: Container, volumes: readonly Volume[], setting: Setting): Values {
  if (container.volumeMounts === undefined) return noFiles;
  const found: Values = { values: {}, missing: [] };
  for (const { name, mountPath = '' } of container.volumeMounts) {
    const index = volumes.findIndex((volume) => volume.name === name);
    const secret = volumes[index]?.secret;
    if (secret === undefined) continue;
    const at = `spec.template.spec.volumes[${index}].secret.secret_name`;
    const items = secret.items ?? [{ path: shortName(secret.secret ?? ''), version: 'latest' }];
    for (const { path = '', version = 'latest' } of items) {
      const content = read({ ...secret, version }, { at, setting, missing: found.missing });
      if (content !== undefined) found.values[`${mountPath.replace(/\/$/, '')}/${path}`] = content;
    }
  }
  return found;
}

function read(
  reference: { readonly secret?: string; readonly version?: string },
  { at, setting, missing }: { readonly at: string; readonly setting: Setting; readonly missing: string[] },
): string | undefined {
  const secret = shortName(reference.secret ?? '');
  const version = reference.version ?? 'latest';
  const value = setting.secrets(secret, version);
  const number = projectNumber(placeOf(setting.resource).project);
  if (value === undefined)
    missing.push(`${at}: Secret projects/${number}/secrets/${secret}/versions/${version} was not found`);
  return value;
}
