import type { Unit } from '@fairlead/manifest';

import { filtersOf } from './filters.ts';
import type { Graph, Since } from './graph.ts';
import type { Reason } from './reason.ts';
import { type Hit, sweep } from './sweep.ts';

/** What is known of one unit before it is decided what that calls for. */
export interface UnitFacts {
  readonly code: boolean;
  readonly migration: boolean;
  readonly schema: boolean;
  readonly reasons: readonly Reason[];
}

type Hits = ReadonlyMap<string, Hit>;

const UNKNOWN: Since = { kind: 'everything', because: 'nobody said what changed' };

/** The facts of every unit, by name. Units that are compared with the same commit share one look at its paths. */
export function factsOf(graph: Graph, since: ReadonlyMap<string, Since>): ReadonlyMap<string, UnitFacts> {
  const sinceOf = ({ name }: Unit) => since.get(name) ?? UNKNOWN;
  const filters = filtersOf(graph);
  const looks = new Map<Since, Hits>();
  for (const [base, units] of Map.groupBy(graph.units, sinceOf))
    if (base.kind === 'paths') looks.set(base, sweep(base.paths, filters.reaching(units)));
  const facts = new Map<string, UnitFacts>();
  for (const unit of inNeedsOrder(graph.units)) {
    const base = sinceOf(unit);
    const hits = looks.get(base) ?? new Map<string, Hit>();
    const whole = wholly(base, hits.get('manifest'));
    facts.set(
      unit.name,
      whole === undefined ? partly(unit, { graph, hits, facts }) : allOf(unit, { graph, reason: whole }),
    );
  }
  return facts;
}

/** The reason, if there is one, why all of a unit counts as changed. */
function wholly(base: Since, manifest: Hit | undefined): Reason | undefined {
  if (base.kind === 'everything') return { kind: 'everything', because: base.because };
  return manifest === undefined ? undefined : { kind: 'manifest', file: manifest.path };
}

function allOf(unit: Unit, { graph, reason }: { readonly graph: Graph; readonly reason: Reason }): UnitFacts {
  const served = graph.units.some(({ subgraph }) => subgraph !== undefined);
  return {
    code: true,
    migration: unit.migration !== undefined,
    schema: unit.kind === 'gateway' ? served : unit.subgraph !== undefined,
    reasons: [reason],
  };
}

interface Known {
  readonly graph: Graph;
  readonly hits: Hits;
  /** Those of the units that come before in the order of needs. */
  readonly facts: ReadonlyMap<string, UnitFacts>;
}

function partly(unit: Unit, known: Known): UnitFacts {
  const { hits } = known;
  const own = hits.get(`unit:${unit.name}`);
  const migration = hits.get(`migration:${unit.name}`);
  const schema = hits.has(`schema:${unit.name}`);
  const code: readonly Reason[] = [
    ...(own === undefined ? [] : [{ kind: 'path', path: own.path, more: own.more } as const]),
    ...unit.needs.flatMap((name) => needReasons(name, known)),
    ...(migration === undefined || own !== undefined
      ? []
      : [{ kind: 'migration', path: migration.path, more: migration.more } as const]),
  ];
  const reasons: readonly Reason[] = schema ? [...code, { kind: 'schema', units: [unit.name] }] : code;
  return { code: code.length > 0, migration: migration !== undefined, schema, reasons };
}

function needReasons(name: string, { graph, hits, facts }: Known): readonly Reason[] {
  const shared = hits.get(`shared:${name}`);
  if (shared !== undefined)
    return [{ kind: 'shared', set: name, root: shared.pattern.replace(/\/(?:\*\*)?$/, '') }];
  const changed = facts.get(name)?.code === true || isReached(name, { graph, hits });
  return changed ? [{ kind: 'needs', unit: name }] : [];
}

/**
 * Whether a needed unit, or what it needs, differs from the commit that the needing unit is compared with: the needed
 * one may have been deployed since then, the needing one was not.
 */
function isReached(name: string, { graph, hits }: Pick<Known, 'graph' | 'hits'>): boolean {
  const reached = new Set([name]);
  // A set gives what is added to it while it is walked.
  for (const each of reached) {
    if (hits.has(`unit:${each}`) || hits.has(`shared:${each}`)) return true;
    for (const needed of graph.units.find((unit) => unit.name === each)?.needs ?? []) reached.add(needed);
  }
  return false;
}

/** Each unit after those that it needs. */
function inNeedsOrder(units: readonly Unit[]): readonly Unit[] {
  const byName = new Map(units.map((unit) => [unit.name, unit]));
  const ordered = new Set<Unit>();
  const visit = (unit: Unit): void => {
    if (ordered.has(unit)) return;
    for (const name of unit.needs) {
      const needed = byName.get(name);
      if (needed !== undefined) visit(needed);
    }
    ordered.add(unit);
  };
  units.forEach(visit);
  return [...ordered];
}
