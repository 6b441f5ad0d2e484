import type { World } from '../control/world.ts';
import type { DataPlane } from '../data-plane.ts';
import { setStanding, startAgain } from '../performer.ts';

/** The port of an address as the file has it. */
export function keptPort(world: World, service: string, tag?: string): number | undefined {
  const addresses = world.services.get(service)?.serving?.addresses;
  const url = tag === undefined ? addresses?.url : new Map(Object.entries(addresses?.tagUrls ?? {})).get(tag);
  return url === undefined ? undefined : Number(new URL(url).port);
}

/**
 * Opens the addresses of the services that an earlier run served, at the same ports where nobody else has them now, and starts the revisions behind them.
 * Resolves when the addresses answer; a request that comes before its revision is up waits for it.
 */
export async function startServing(
  world: World,
  plane: DataPlane,
  onDefect: (thrown: unknown) => void,
): Promise<void> {
  await Promise.all([...world.services.keys()].map((name) => serve({ world, plane, onDefect }, name)));
}

interface Setting {
  readonly world: World;
  readonly plane: DataPlane;
  readonly onDefect: (thrown: unknown) => void;
}

async function serve({ world, plane, onDefect }: Setting, name: string): Promise<void> {
  const before = world.services.get(name)?.serving;
  if (before === undefined) return;
  const { targets, tags } = before.routes;
  for (const revision of new Set([...targets, ...tags].map((route) => route.revision))) {
    const record = world.revisions.get(revision);
    if (record !== undefined) void startAgain(world, plane, record).catch(onDefect);
  }
  setStanding(world, plane, name);
  const addresses = await plane.setRoutes(name, before.routes).catch(onDefect);
  if (addresses === undefined) return;
  const service = world.services.get(name);
  if (service !== undefined) world.services.set(name, { ...service, serving: { ...before, addresses } });
}
