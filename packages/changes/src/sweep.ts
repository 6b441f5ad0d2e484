import type { PathMatcher } from './path-matcher.ts';

/** What a filter found among the paths: the first that fits, the pattern that it fits, and how many others there are. */
export interface Hit {
  readonly path: string;
  readonly pattern: string;
  readonly more: number;
}

/** Holds every path against every filter; a filter that found nothing has no entry. */
export function sweep<K>(
  paths: readonly string[],
  filters: ReadonlyMap<K, PathMatcher>,
): ReadonlyMap<K, Hit> {
  const hits = new Map<K, Hit>();
  for (const [key, match] of filters) {
    let found: Hit | undefined;
    for (const path of paths) {
      const pattern = match(path);
      if (pattern !== undefined)
        found = found === undefined ? { path, pattern, more: 0 } : { ...found, more: found.more + 1 };
    }
    if (found !== undefined) hits.set(key, found);
  }
  return hits;
}
