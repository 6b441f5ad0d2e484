import { startChild, startCloud } from './child.ts';
import { measurement, type Measurement, median } from './measurement.ts';
import type { Sizes } from './sizes.ts';

/** How long the local cloud takes from the start of its process to its ready line. */
export async function measureStart({ starts }: Sizes): Promise<readonly Measurement[]> {
  const cloud = await medianReady(starts, () => startCloud());
  const empty = await medianReady(starts, () =>
    startChild(['-e', 'console.log("{}"); setTimeout(() => {}, 60_000)']),
  );
  return [
    measurement({
      name: 'start to ready',
      value: cloud,
      unit: 'ms',
      peer: { what: 'an empty node process', value: empty },
      reach: { atMost: 500 },
    }),
  ];
}

async function medianReady(times: number, start: () => ReturnType<typeof startChild>): Promise<number> {
  const found: number[] = [];
  for (let time = 0; time < times; time += 1) {
    await using child = await start();
    found.push(child.readyMs);
  }
  return median(found);
}
