/** What a service's traffic was changed to, and when that was seen. */
export interface TrafficChange {
  readonly atMs: number;
  /** By the full names of the revisions; those with a share alone. */
  readonly shares: readonly Share[];
}

export interface Share {
  readonly revision: string;
  readonly percent: number;
}

const MOST_CHANGES = 20;

/** The last changes of every service's live shares, as they were seen by looking. */
export interface TrafficChanges {
  readonly record: (service: string, atMs: number, shares: readonly Share[]) => void;
  /** Oldest first; the first is what it was when it was first seen. */
  readonly of: (service: string) => readonly TrafficChange[];
  readonly keepOnly: (isKept: (service: string) => boolean) => void;
}

export function trafficChanges(): TrafficChanges {
  const seen = new Map<string, readonly TrafficChange[]>();
  return {
    record: (service, atMs, shares) => {
      const changes = seen.get(service) ?? [];
      const given = shares.filter(({ percent }) => percent > 0);
      if (isSame(changes.at(-1)?.shares ?? [], given)) return;
      seen.set(service, [...changes, { atMs, shares: given }].slice(-MOST_CHANGES));
    },
    of: (service) => seen.get(service) ?? [],
    keepOnly: (isKept) => {
      for (const service of seen.keys()) if (!isKept(service)) seen.delete(service);
    },
  };
}

function isSame(a: readonly Share[], b: readonly Share[]): boolean {
  return a.length === b.length && a.every((one) => b.some((other) => isEqual(one, other)));
}

function isEqual(a: Share, b: Share): boolean {
  return a.revision === b.revision && a.percent === b.percent;
}
