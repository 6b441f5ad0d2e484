import { violation } from './cloud-error.ts';
import type { Container } from './resources.ts';

/** Throws the first rule that containers of one instance break together. */
export function checkTogether(at: string, containers: readonly Container[]): void {
  const byName = new Map<string, Container>();
  containers.forEach((container, index) => {
    const { name } = container;
    if (name === undefined) return;
    if (byName.has(name))
      throw violation(`${at}.containers[${index}].name`, `container name '${name}' is used more than once.`);
    byName.set(name, container);
  });
  containers.forEach((container, index) => {
    checkDependencies(`${at}.containers[${index}].depends_on`, container, byName);
  });
  containers.forEach((container, index) => {
    if (leadsBack(container, byName))
      throw violation(
        `${at}.containers[${index}].depends_on`,
        `container '${container.name ?? ''}' depends on itself.`,
      );
  });
}

/** Requests go to one container, which is the one that says where. */
export function checkIngress(at: string, containers: readonly Container[]): void {
  const exposed = containers.filter(({ ports = [] }) => ports.length > 0).length;
  if (exposed > 1 || (exposed === 0 && containers.length > 1))
    throw violation(
      `${at}.containers`,
      'Revision template should contain exactly one container with an exposed port.',
    );
}

function checkDependencies(
  at: string,
  { dependsOn = [] }: Container,
  byName: ReadonlyMap<string, Container>,
) {
  for (const name of dependsOn) {
    const dependency = byName.get(name);
    if (dependency === undefined) throw violation(at, `Dependent container '${name}' does not exist.`);
    // The container for requests gets a startup probe by itself.
    if (dependency.startupProbe === undefined && (dependency.ports ?? []).length === 0)
      throw violation(at, `Dependent container '${name}' must have startup probe specified`);
  }
}

function leadsBack(from: Container, byName: ReadonlyMap<string, Container>): boolean {
  const seen = new Set<string>();
  const open = [...(from.dependsOn ?? [])];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === from.name) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...(byName.get(name)?.dependsOn ?? []));
  }
  return false;
}
