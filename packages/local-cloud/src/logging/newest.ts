/** What is kept of a stream of entries: the newest, in the order in which they came. */
export interface Newest<T> {
  readonly add: (entry: T, bytes: number) => void;
  /** Oldest first. */
  readonly all: () => readonly T[];
}

export interface Bound {
  readonly entries: number;
  readonly bytes: number;
}

/** The oldest go first when there are too many, or too large ones. */
export function newest<T>(bound: Bound): Newest<T> {
  const kept: { readonly entry: T; readonly bytes: number }[] = [];
  let first = 0;
  let bytes = 0;
  const trim = () => {
    while (kept.length - first > bound.entries || bytes > bound.bytes) {
      bytes -= kept[first]?.bytes ?? 0;
      first += 1;
    }
    if (first <= kept.length / 10) return;
    kept.splice(0, first);
    first = 0;
  };
  return {
    add: (entry, size) => {
      kept.push({ entry, bytes: size });
      bytes += size;
      trim();
    },
    all: () => kept.slice(first).map(({ entry }) => entry),
  };
}
