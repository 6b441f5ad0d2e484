import { measureActions } from './action-start.ts';
import { measureControlPlane } from './control-plane.ts';
import type { Measurement } from './measurement.ts';
import { measureRouter } from './router.ts';
import type { Sizes } from './sizes.ts';
import { measureStart } from './start.ts';
import { measureState } from './state.ts';
import { measureStore } from './store.ts';

const BENCHES: Readonly<
  Record<string, (sizes: Sizes) => readonly Measurement[] | Promise<readonly Measurement[]>>
> = {
  start: measureStart,
  'control-plane': measureControlPlane,
  router: measureRouter,
  store: measureStore,
  state: measureState,
  actions: measureActions,
};

/** Runs the benches that are named, or all, one after the other. Throws for a name that is none before anything runs. */
export async function* runBench(names: readonly string[], sizes: Sizes): AsyncGenerator<Measurement> {
  const known = Object.keys(BENCHES);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`expected one or more of ${known.join(', ')}, or nothing for all, got "${unknown}"`);
  for (const [name, measure] of Object.entries(BENCHES))
    if (names.length === 0 || names.includes(name)) yield* await measure(sizes);
}
