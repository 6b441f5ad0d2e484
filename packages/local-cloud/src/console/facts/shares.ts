import { LATEST } from '../../control/resources.ts';
import type { ServiceRecord } from '../../control/world.ts';

/** Percent by the full name of the revision. */
export type Shares = ReadonlyMap<string, number>;

/** What the service was told, whether or not the router follows it yet. */
export function desiredShares({ name, spec, latestCreated = '' }: ServiceRecord): Shares {
  const shares = new Map<string, number>();
  for (const { type, revision = '', percent = 0 } of spec.traffic ?? []) {
    const target = type === LATEST ? latestCreated : `${name}/revisions/${revision}`;
    shares.set(target, (shares.get(target) ?? 0) + percent);
  }
  return shares;
}
