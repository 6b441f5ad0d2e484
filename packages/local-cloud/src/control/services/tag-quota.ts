import { placeOf } from '../names.ts';
import { quotaViolated } from '../refusals.ts';
import type { TrafficTarget } from '../resources.ts';
import type { ServiceRecord, World } from '../world.ts';

/**
 * The traffic without as many of the service's oldest tags at 0 % as the region has too many once the new ones are in it: they go without a word
 * (reference 3.5; 3.11, 19). Tags of other services are never taken.
 */
export function withinTagQuota(
  world: World,
  name: string,
  {
    traffic,
    before,
  }: { readonly traffic: readonly TrafficTarget[]; readonly before?: ServiceRecord | undefined },
): readonly TrafficTarget[] {
  const known = before?.tagMicros ?? {};
  const tags = tagsOf(traffic);
  const added = tags.filter((tag) => !Object.hasOwn(known, tag)).length;
  if (added === 0) return traffic;
  const allowed = world.bends.limits().tags;
  if (hasRoomForSure(world, added, allowed)) return traffic;
  const requested = tags.length + tagsOfOthers(world, name);
  if (requested <= allowed) return traffic;
  const oldest = traffic
    .filter(({ tag, percent = 0 }) => percent === 0 && tag !== undefined && Object.hasOwn(known, tag))
    .sort((a, b) => (known[a.tag ?? ''] ?? 0) - (known[b.tag ?? ''] ?? 0))
    .slice(0, requested - allowed);
  if (oldest.length < requested - allowed) throw quotaViolated('TagsPerProjectRegion', requested, allowed);
  return traffic.filter((target) => !oldest.includes(target));
}

/** When each tag of the traffic was first given. */
export function tagTimes(
  traffic: readonly TrafficTarget[],
  before: ServiceRecord | undefined,
  micros: number,
): Readonly<Record<string, number>> {
  const known = new Map(Object.entries(before?.tagMicros ?? {}));
  return Object.fromEntries(tagsOf(traffic).map((tag) => [tag, known.get(tag) ?? micros]));
}

function tagsOf(traffic: readonly TrafficTarget[]): readonly string[] {
  return traffic.flatMap(({ tag }) => (tag === undefined ? [] : [tag]));
}

/** Counts in steps: what is taken away meanwhile is seen only when the count is made anew. */
function hasRoomForSure({ mostTags, services }: World, added: number, allowed: number): boolean {
  if (mostTags.count === undefined || mostTags.count + added > allowed) {
    mostTags.count = 0;
    for (const { spec } of services.values()) mostTags.count += tagsOf(spec.traffic ?? []).length;
  }
  mostTags.count += added;
  return mostTags.count <= allowed;
}

function tagsOfOthers(world: World, name: string): number {
  const prefix = `${placeOf(name).parent}/`;
  let count = 0;
  for (const service of world.services.values()) {
    if (service.name === name || !service.name.startsWith(prefix)) continue;
    for (const { tag } of service.spec.traffic ?? []) if (tag !== undefined) count += 1;
  }
  return count;
}
