type AnyMap = Map<unknown, unknown>;

/** What a key of a map became: an entry, or nothing. A path is the name of a root and the keys below it. */
export type Change =
  | { readonly kind: 'set'; readonly path: readonly unknown[]; readonly value: unknown }
  | { readonly kind: 'delete'; readonly path: readonly unknown[] };

export interface WatchedMaps {
  /** Every key that was written since the last call, once, as it is now. */
  readonly take: () => Taken;
}

interface Taken {
  readonly changes: readonly Change[];
  /** To be called at once, before anything else is written: the next take has them again, as they are then. */
  readonly giveBack: () => void;
}

interface Watched {
  readonly map: AnyMap;
  readonly path: readonly unknown[];
  /** Keys written since the last take, and whether they were deleted in between. */
  readonly dirty: Map<unknown, boolean>;
  readonly isAttached: () => boolean;
}

/**
 * Sees every `set`, `delete` and `clear` of the maps, and of the maps that are values of them. The maps stay the objects that they are, so that whoever
 * holds one need not know; `onChange` is called for each write.
 */
export function watchMaps(roots: Readonly<Record<string, AnyMap>>, onChange: () => void): WatchedMaps {
  const waiting = new Set<Watched>();
  const known = new WeakSet<AnyMap>();
  const touch = (watched: Watched) => {
    waiting.add(watched);
    onChange();
  };
  const watch = (watched: Watched) => {
    known.add(watched.map);
    for (const [key, value] of watched.map) watchInner(watched, key, value);
    intercept(watched, {
      touch: () => {
        touch(watched);
      },
      wasSet: (key, value) => {
        watchInner(watched, key, value);
      },
      isKnown: (value) => value instanceof Map && known.has(value),
    });
  };
  const watchInner = ({ map, path, isAttached }: Watched, key: unknown, value: unknown) => {
    if (!(value instanceof Map) || known.has(value)) return;
    watch({
      map: value,
      path: [...path, key],
      dirty: new Map(),
      isAttached: () => isAttached() && map.get(key) === value,
    });
  };
  for (const [name, map] of Object.entries(roots))
    watch({ map, path: [name], dirty: new Map(), isAttached: () => true });
  return {
    take: () => {
      const taken = [...waiting].map((watched) => ({ watched, written: [...watched.dirty] }));
      const changes = taken.flatMap(({ watched, written }) => changesOf(watched, written));
      waiting.clear();
      return {
        changes,
        giveBack: () => {
          for (const { watched, written } of taken) {
            for (const [key, wasDeleted] of written) watched.dirty.set(key, wasDeleted);
            waiting.add(watched);
          }
        },
      };
    },
  };
}

interface Watcher {
  readonly touch: () => void;
  readonly wasSet: (key: unknown, value: unknown) => void;
  readonly isKnown: (value: unknown) => boolean;
}

function intercept({ map, dirty }: Watched, { touch, wasSet, isKnown }: Watcher): void {
  const plain = { set: map.set.bind(map), delete: map.delete.bind(map), clear: map.clear.bind(map) };
  const forget = (key: unknown) => {
    dirty.delete(key);
    dirty.set(key, true);
  };
  map.set = (key, value) => {
    // A map put where it is already is no change by itself: its own keys tell what is.
    const isSame = map.get(key) === value && isKnown(value);
    const wasDeleted = dirty.get(key) ?? false;
    if (!map.has(key)) dirty.delete(key);
    plain.set(key, value);
    if (isSame) return map;
    dirty.set(key, wasDeleted);
    wasSet(key, value);
    touch();
    return map;
  };
  map.delete = (key) => {
    const isDeleted = plain.delete(key);
    if (isDeleted) {
      forget(key);
      touch();
    }
    return isDeleted;
  };
  map.clear = () => {
    for (const key of map.keys()) forget(key);
    plain.clear();
    touch();
  };
}

// What was deleted and set again comes last in its map, and so it must when the changes are made once more.
function changesOf(
  { map, path, dirty, isAttached }: Watched,
  written: readonly (readonly [key: unknown, wasDeleted: boolean])[],
): readonly Change[] {
  dirty.clear();
  if (!isAttached()) return [];
  return written.flatMap(([key, wasDeleted]): readonly Change[] => {
    const at = [...path, key];
    const removed: readonly Change[] = wasDeleted ? [{ kind: 'delete', path: at }] : [];
    return map.has(key) ? [...removed, { kind: 'set', path: at, value: map.get(key) }] : removed;
  });
}
