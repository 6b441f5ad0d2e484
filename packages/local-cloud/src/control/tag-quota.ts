import { placeOf } from './names.ts';
import { quotaViolated } from './refusals.ts';
import type { TrafficTarget } from './resources.ts';
import type { ServiceRecord, World } from './world.ts';

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
  if (tags.every((tag) => tag in known)) return traffic;
  const allowed = world.bends.limits().tags;
  const requested = tags.length + tagsOfOthers(world, name);
  if (requested <= allowed) return traffic;
  const oldest = traffic
    .filter(({ tag, percent = 0 }) => percent === 0 && tag !== undefined && tag in known)
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
  return Object.fromEntries(tagsOf(traffic).map((tag) => [tag, before?.tagMicros[tag] ?? micros]));
}

function tagsOf(traffic: readonly TrafficTarget[]): readonly string[] {
  return traffic.flatMap(({ tag }) => (tag === undefined ? [] : [tag]));
}

function tagsOfOthers(world: World, name: string): number {
  const { parent } = placeOf(name);
  let count = 0;
  for (const service of world.services.values())
    if (service.name !== name && service.name.startsWith(`${parent}/`))
      count += Object.keys(service.tagMicros).length;
  return count;
}
