import type { SidecarSpec } from '../data-plane.ts';
import { containerSpec, type Resolved, type Setting } from './container-spec.ts';
import { shortName } from './names.ts';
import { sidecarProbes } from './probe-spec.ts';
import type { Container, Volume } from './resources.ts';

export interface Group {
  readonly containers?: readonly Container[];
  readonly volumes?: readonly Volume[];
}

/** As the log names a container: its own name, or the owner's with its number. */
export function containerName(container: Container, { containers = [] }: Group, owner: string): string {
  return container.name ?? `${shortName(owner)}-${containers.indexOf(container) + 1}`;
}

/** All containers of the group but the one that the instance is about, if it is about one. */
export function sidecarSpecs(
  about: Container | undefined,
  group: Group,
  { owner, ...setting }: Setting & { readonly owner: string },
): Resolved<readonly SidecarSpec[]> {
  const specs: SidecarSpec[] = [];
  const missing: string[] = [];
  for (const container of group.containers ?? []) {
    if (container === about) continue;
    const base = containerSpec(container, group, setting);
    if (base.kind === 'secrets-missing') missing.push(base.message);
    else
      specs.push({
        ...base.spec,
        containerName: containerName(container, group, owner),
        ...sidecarProbes(container),
        ...(container.dependsOn === undefined ? {} : { dependsOn: container.dependsOn }),
      });
  }
  return missing.length === 0
    ? { kind: 'resolved', spec: specs }
    : { kind: 'secrets-missing', message: missing.join('\n') };
}
