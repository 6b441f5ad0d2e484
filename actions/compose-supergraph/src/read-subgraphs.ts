import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { ActionFailure, messageOf, settleAll } from '@fairlead/action-kit';
import type { DeployedUnit, Subgraph } from '@fairlead/manifest';
import type { SubgraphSource } from '@fairlead/supergraph';

/** A unit that is a subgraph. */
export interface SubgraphUnit {
  readonly unit: DeployedUnit;
  readonly subgraph: Subgraph;
}

export function subgraphUnits(units: readonly DeployedUnit[]): readonly SubgraphUnit[] {
  return units.flatMap((unit) => (unit.subgraph === undefined ? [] : [{ unit, subgraph: unit.subgraph }]));
}

/** The committed schemas; all that cannot be read are named at once. */
export async function readSchemas(
  subgraphs: readonly SubgraphUnit[],
  workspace: string,
): Promise<readonly Omit<SubgraphSource, 'url'>[]> {
  const ended = await settleAll(subgraphs, 20, async ({ subgraph: { name, schema } }) => {
    return { name, file: schema, sdl: await readFile(resolve(workspace, schema), 'utf8') };
  });
  const unread = ended.flatMap((end) => (end.kind === 'failed' ? [end] : []));
  if (unread.length === 0) return ended.flatMap((end) => (end.kind === 'done' ? [end.value] : []));
  throw new ActionFailure(
    unread
      .map(
        ({ item, thrown }) =>
          `unit "${item.unit.name}": the schema "${item.subgraph.schema}" cannot be read (${messageOf(thrown)})`,
      )
      .join('; '),
  );
}
