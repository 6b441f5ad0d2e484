import type { InstanceCount } from '../data-plane.ts';

/** Passes on how many instances of each revision there are, each time that has changed. */
export interface InstanceWatch {
  readonly tell: (count: InstanceCount) => void;
  readonly forget: (revision: string) => void;
  /** Tells the counts as they are first. The returned function ends it. */
  readonly add: (listener: (count: InstanceCount) => void) => () => void;
}

export function instanceWatch(): InstanceWatch {
  const listeners = new Set<(count: InstanceCount) => void>();
  const last = new Map<string, InstanceCount>();
  return {
    tell: (count) => {
      const before = last.get(count.revision);
      if (before?.warm === count.warm && before.wanted === count.wanted) return;
      last.set(count.revision, count);
      for (const listener of listeners) listener(count);
    },
    forget: (revision) => last.delete(revision),
    add: (listener) => {
      for (const count of last.values()) listener(count);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
