import type { Unit, UnitKind } from '@fairlead/manifest';

import { factsOf, type UnitFacts } from './facts.ts';
import type { Graph, Since } from './graph.ts';
import type { Reason } from './reason.ts';
import { wavesOf } from './waves.ts';

/** A unit that something has to be done for. */
export interface UnitChange {
  readonly unit: string;
  readonly kind: UnitKind;
  readonly build: boolean;
  readonly migrate: boolean;
  /** Its schema is to be composed anew, or, for a gateway, it is to serve the new supergraph. */
  readonly compose: boolean;
  readonly deploy: boolean;
  /** Strongest first; never empty. */
  readonly reasons: readonly Reason[];
  /** Units of one wave can be deployed together, after those of the waves before. Counts from 0. */
  readonly wave: number;
}

export interface ChangePlan {
  /** In the order of the manifest; what needs nothing is left out. */
  readonly units: readonly UnitChange[];
  /** Whether the supergraph is to be composed anew. */
  readonly compose: boolean;
}

/**
 * What each unit needs, given what changed since the commit that it is compared with. A unit that `since` says nothing
 * of needs everything: nothing is ever called unchanged because it is unknown.
 */
export function planChanges(graph: Graph, since: ReadonlyMap<string, Since>): ChangePlan {
  const facts = factsOf(graph, since);
  const changes = graph.units.flatMap((unit) => changeOf(unit, facts.get(unit.name)));
  const composed = changes.filter(({ compose }) => compose).map(({ unit }) => unit);
  const units = composed.length === 0 ? changes : withGateways(graph, changes, composed);
  const waves = wavesOf(graph.units, new Set(units.map(({ unit }) => unit)));
  return {
    units: units.map((change) => ({ ...change, wave: waves.get(change.unit) ?? 0 })),
    compose: composed.length > 0,
  };
}

type UnorderedChange = Omit<UnitChange, 'wave'>;

function changeOf(unit: Unit, facts: UnitFacts | undefined): readonly UnorderedChange[] {
  if (facts === undefined || facts.reasons.length === 0) return [];
  const ours = unit.kind !== 'external';
  return [
    {
      unit: unit.name,
      kind: unit.kind,
      build: ours && facts.code,
      migrate: facts.migration,
      compose: facts.schema,
      deploy: ours && facts.code,
      reasons: facts.reasons,
    },
  ];
}

/** A new supergraph reaches every gateway by a deployment of its own, with the image that it has. */
function withGateways(
  graph: Graph,
  changes: readonly UnorderedChange[],
  composed: readonly string[],
): readonly UnorderedChange[] {
  const known = new Map(changes.map((change) => [change.unit, change]));
  const subgraphs = composed.filter((name) => known.get(name)?.kind !== 'gateway');
  return graph.units.flatMap((unit): readonly UnorderedChange[] => {
    const change = known.get(unit.name);
    if (unit.kind !== 'gateway') return change === undefined ? [] : [change];
    const unchanged = { unit: unit.name, kind: unit.kind, build: false, migrate: false, reasons: [] };
    const { reasons, ...needs } = change ?? unchanged;
    const schema: readonly Reason[] = subgraphs.length === 0 ? [] : [{ kind: 'schema', units: subgraphs }];
    return [{ ...needs, compose: true, deploy: true, reasons: [...reasons, ...schema] }];
  });
}
