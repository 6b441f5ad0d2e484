import type { ContainerSpec } from '../data-plane.ts';
import { placeOf, projectNumber, shortName } from './names.ts';
import type { Container, Volume } from './resources.ts';
import type { SecretReader } from './world.ts';

/** A spec, or what is missing for it: one line per secret that cannot be read. */
export type Resolved<T> = { readonly kind: 'resolved'; readonly spec: T } | Missing;

export interface Missing {
  readonly kind: 'secrets-missing';
  readonly message: string;
}

/** Where a template is to run: the full resource name that owns it, and the secrets that can be read there. */
export interface Setting {
  readonly resource: string;
  readonly secrets: SecretReader;
}

// One for all: ten thousand revisions are kept.
const none: readonly string[] = [];
const noFiles: Values = { values: {}, missing: [] };

/** What one container is made from. */
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
      ...foldersOf(container, template.volumes ?? []),
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

function foldersOf(container: Container, volumes: readonly Volume[]): Pick<ContainerSpec, 'folders'> {
  const empty = new Set(volumes.filter(({ emptyDir }) => emptyDir !== undefined).map(({ name }) => name));
  const folders = (container.volumeMounts ?? []).flatMap(({ name = '', mountPath = '' }) =>
    empty.has(name) ? [[mountPath, name] as const] : [],
  );
  return folders.length === 0 ? {} : { folders: Object.fromEntries(folders) };
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
