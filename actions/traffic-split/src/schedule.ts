import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ActionContext } from '@fairlead/action-kit';
import type { Rollout } from '@fairlead/manifest';
import { loadManifest, resolveDeployment } from '@fairlead/manifest-file';
import type { Mover, SplitInputs } from './parse.ts';

/** The steps of each unit. Inputs win over the manifest; without either, everything at once. */
export async function readRollouts(
  context: ActionContext,
  inputs: SplitInputs,
): Promise<(mover: Mover) => Rollout> {
  const { steps, intervalMs } = inputs;
  const written = steps === undefined ? await manifestRollouts(context, inputs) : new Map<string, Rollout>();
  return ({ unit }) => {
    const rollout = written.get(unit) ?? { steps: [100], intervalMs: 0 };
    return { steps: steps ?? rollout.steps, intervalMs: intervalMs ?? rollout.intervalMs };
  };
}

async function manifestRollouts(
  context: ActionContext,
  { deployment }: SplitInputs,
): Promise<ReadonlyMap<string, Rollout>> {
  if (!(await exists(resolve(context.env['GITHUB_WORKSPACE'] ?? '.', deployment.manifest)))) return new Map();
  const manifest = await loadManifest(context, deployment.manifest);
  const units = resolveDeployment(manifest, { ...deployment, units: undefined })?.units ?? [];
  return new Map(units.map(({ name, rollout }) => [name, rollout] as const));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
