import type { ContainerSpec } from '../../data-plane.ts';
import type { Engine, SharedFolders } from './engine.ts';

const none: SharedFolders = { places: {}, remove: () => Promise.resolve() };

export function openFolders(
  engine: Engine,
  instance: string,
  containers: readonly ContainerSpec[],
): Promise<SharedFolders> {
  const names = new Set(containers.flatMap(({ folders = {} }) => Object.values(folders)));
  return names.size === 0 ? Promise.resolve(none) : engine.openFolders(instance, [...names]);
}

/** By the paths at which the container has them. */
export function mountsOf(
  { folders = {} }: ContainerSpec,
  { places }: SharedFolders,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(folders).map(([path, name]): [string, string] => [path, places[name] ?? '']),
  );
}
