import type { Unit } from '@fairlead/manifest';

import { pathMatcher, type PathMatcher } from './path-matcher.ts';
import type { Graph } from './graph.ts';

type Filters = ReadonlyMap<string, PathMatcher>;

/** The compiled filters of a graph, keyed `unit:NAME`, `shared:NAME`, `migration:NAME`, `schema:NAME` and `manifest`. */
export function filtersOf(graph: Graph): {
  /** The filters that say anything of these units: their own and those of all that they need. */
  readonly reaching: (units: readonly Unit[]) => Filters;
} {
  const all: Filters = new Map([
    ['manifest', pathMatcher([graph.file.replace(/^(?:\.\/)+/, '')])],
    ...graph.shared.map(({ name, paths }) => [`shared:${name}`, pathMatcher(paths)] as const),
    ...graph.units.flatMap(unitFilters),
  ]);
  const byName = new Map(graph.units.map((unit) => [unit.name, unit]));
  return {
    reaching: (units) => {
      const reached = new Set(['manifest']);
      const pending = [...units];
      for (let unit = pending.pop(); unit !== undefined; unit = pending.pop()) {
        if (reached.has(`unit:${unit.name}`)) continue;
        for (const key of ['unit', 'migration', 'schema']) reached.add(`${key}:${unit.name}`);
        for (const name of unit.needs) {
          const needed = byName.get(name);
          if (needed === undefined) reached.add(`shared:${name}`);
          else pending.push(needed);
        }
      }
      return new Map([...all].filter(([key]) => reached.has(key)));
    },
  };
}

function unitFilters({
  name,
  paths,
  migration,
  subgraph,
}: Unit): readonly (readonly [string, PathMatcher])[] {
  return [
    [`unit:${name}`, pathMatcher(paths)],
    ...(migration === undefined ? [] : [[`migration:${name}`, pathMatcher(migration.paths)] as const]),
    ...(subgraph === undefined ? [] : [[`schema:${name}`, pathMatcher([subgraph.schema])] as const]),
  ];
}
