import type { InstanceCount } from '../../data-plane.ts';

/** Passes on how many instances of each revision there are, each time that has changed. */
export interface InstanceWatch {
  readonly tell: (count: InstanceCount) => void;
  readonly forget: (revision: string) => void;
  /** Tells the counts as they are first. The returned function ends it. */
  readonly add: (listener: (count: InstanceCount) => void) => () => void;
}

// What nobody is told before there was anything else, and what is not kept.
const none = { warm: 0, wanted: 0 };

export function instanceWatch(): InstanceWatch {
  const listeners = new Set<(count: InstanceCount) => void>();
  const last = new Map<string, InstanceCount>();
  return {
    tell: (count) => {
      const { warm, wanted } = last.get(count.revision) ?? none;
      if (warm === count.warm && wanted === count.wanted) return;
      if (count.warm === 0 && count.wanted === 0) last.delete(count.revision);
      else last.set(count.revision, count);
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
