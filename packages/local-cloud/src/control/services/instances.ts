import { without } from '../without.ts';
import type { Instances, World } from '../world.ts';

/** Event: instances of a revision have come up or gone, or more or fewer of them are wanted (reference 3.11, 26). */
export function instancesChanged(world: World, name: string, instances: Instances): void {
  const revision = world.revisions.get(name);
  if (revision === undefined) return;
  const isSeen = conditionFor(revision.instances) !== conditionFor(instances);
  const micros = isSeen ? world.now() : revision.updateMicros;
  const isNone = instances.warm === 0 && instances.wanted === 0;
  const counted = isNone ? without(revision, 'instances') : { ...revision, instances };
  world.revisions.set(name, { ...counted, updateMicros: micros });
}

/** What its condition depends on: without a minimum there is none. */
function conditionFor(instances: Instances | undefined): 'none' | 'warm' | 'warming' {
  if (instances === undefined || instances.wanted === 0) return 'none';
  return instances.warm < instances.wanted ? 'warming' : 'warm';
}
