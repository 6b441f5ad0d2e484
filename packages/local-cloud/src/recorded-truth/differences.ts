import type { Compared } from './replay.ts';

/** Where the local cloud and the recordings part: `recorded` or `ours` is absent where only the other has the path. */
export interface Difference {
  readonly message: string;
  readonly path: string;
  readonly recorded?: string;
  readonly ours?: string;
}

/** Each difference once, however many answers show it, in the order of their texts. */
export function differencesOf(compared: readonly Compared[]): readonly Difference[] {
  const all = compared.flatMap((one) => [...changed(one), ...added(one)]);
  const distinct = new Map(all.map((difference) => [JSON.stringify(difference), difference]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, difference]) => difference);
}

/** How many recorded paths there are, and how many of them the local cloud answers with the same type and value. */
export function agreementOf(compared: readonly Compared[]): {
  readonly recorded: number;
  readonly equal: number;
} {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  return {
    recorded: total(compared.map(({ recorded }) => recorded.size)),
    equal: total(
      compared.map(
        ({ recorded, ours }) => [...recorded].filter(([path, fact]) => ours.get(path) === fact).length,
      ),
    ),
  };
}

function changed({ message, recorded, ours }: Compared): readonly Difference[] {
  return [...recorded].flatMap(([path, fact]) => {
    const our = ours.get(path);
    if (our === fact) return [];
    return [{ message, path, recorded: fact, ...(our === undefined ? {} : { ours: our }) }];
  });
}

// What lies below a path that the recording lacks says nothing more.
function added({ message, recorded, ours }: Compared): readonly Difference[] {
  const extra = [...ours].filter(([path]) => !recorded.has(path));
  return extra
    .filter(([path]) => !extra.some(([other]) => path !== other && isBelow(path, other)))
    .map(([path, fact]) => ({ message, path, ours: fact.split(' ')[0] ?? '' }));
}

function isBelow(path: string, other: string): boolean {
  return path.startsWith(`${other}.`) || path.startsWith(`${other}[`);
}
