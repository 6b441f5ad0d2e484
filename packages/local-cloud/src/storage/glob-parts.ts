/** From the places in a name that were reached to those that are reached behind a part of a glob. No way is gone twice, so that no glob takes for ever. */
export type GlobPart = (from: ReadonlySet<number>, name: readonly string[]) => ReadonlySet<number>;

type Fits = (character: string) => boolean;

export const anything: Fits = () => true;
export const noSlash: Fits = (character) => character !== '/';

export function one(fits: Fits): GlobPart {
  return (from, name) =>
    new Set([...from].filter((at) => at < name.length && fits(name[at] ?? '')).map((at) => at + 1));
}

/** Any number of characters. */
export function many(fits: Fits): GlobPart {
  return (from, name) => {
    const reached = new Set<number>();
    for (let at = 0; at <= name.length; at += 1)
      if (from.has(at) || (reached.has(at - 1) && fits(name[at - 1] ?? ''))) reached.add(at);
    return reached;
  };
}

export function sequence(parts: readonly GlobPart[]): GlobPart {
  return (from, name) =>
    parts.reduce((reached, part) => (reached.size === 0 ? reached : part(reached, name)), from);
}

export function choice(options: readonly GlobPart[]): GlobPart {
  return (from, name) => new Set(options.flatMap((option) => [...option(from, name)]));
}
