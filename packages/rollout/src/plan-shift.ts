import { RolloutError } from './rollout-error.ts';
import { isSameSplit, type Share, sharesOf, type Traffic } from './traffic.ts';

/** What is to be written so that a revision has its share. */
export type ShiftPlan =
  | { readonly kind: 'shift'; readonly traffic: Traffic }
  | { readonly kind: 'nothing'; readonly because: string };

/**
 * Gives `revision` exactly `percent` and divides the rest among the others as they share it now, by largest remainder
 * (ties to the larger share, then by name). All tags stay. Throws when nothing else could take the rest.
 */
export function planShift(live: Traffic, to: Share): ShiftPlan {
  const shares = shiftedShares(live.shares, to);
  if (isSameSplit(live.shares, shares))
    return { kind: 'nothing', because: `${to.revision} already has ${to.percent} % of the traffic` };
  return { kind: 'shift', traffic: { shares, tags: live.tags } };
}

function shiftedShares(live: readonly Share[], { revision, percent }: Share): readonly Share[] {
  const others = live.filter((share) => share.revision !== revision);
  if (percent < 100 && others.length === 0)
    throw new RolloutError(
      'no-baseline',
      `${revision} cannot have ${percent} %: no other revision has traffic and could take the remaining ${100 - percent} %`,
    );
  return sharesOf(new Map([[revision, percent], ...divided(others, 100 - percent)]));
}

function divided(shares: readonly Share[], whole: number): readonly (readonly [string, number])[] {
  const total = shares.reduce((sum, { percent }) => sum + percent, 0);
  const parts = shares.map(({ revision, percent }) => {
    const exact = (percent * whole) / total;
    return { revision, percent, floor: Math.floor(exact), remainder: exact - Math.floor(exact) };
  });
  const missing = whole - parts.reduce((sum, { floor }) => sum + floor, 0);
  return [...parts]
    .sort((a, b) => b.remainder - a.remainder || b.percent - a.percent || (a.revision < b.revision ? -1 : 1))
    .map(({ revision, floor }, place) => [revision, floor + (place < missing ? 1 : 0)] as const);
}
