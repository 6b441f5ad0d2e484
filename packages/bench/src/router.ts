import { fileURLToPath } from 'node:url';

import { startChild, startCloud } from './child.ts';
import { medianMs, requestsPerSecond } from './load.ts';
import { measurement, type Measurement } from './measurement.ts';
import { createServices } from './seed.ts';
import type { Sizes } from './sizes.ts';

const echo = fileURLToPath(new URL('echo-program.ts', import.meta.url));

/** A service's own address with its one instance in the router's process, against the same server asked directly and behind the barest proxy. */
export async function measureRouter(sizes: Sizes): Promise<readonly Measurement[]> {
  const routed = await reachOfCloud(sizes);
  const direct = await reachOf([echo], sizes);
  const proxied = await reachOf([echo, 'proxy'], sizes);
  return [
    measurement({
      name: 'median that the router adds to a request',
      value: routed.ms - direct.ms,
      unit: 'ms',
      peer: { what: 'what a bare node:http proxy adds', value: proxied.ms - direct.ms },
      reach: { atMost: 1 },
    }),
    measurement({
      name: 'requests through the router',
      value: routed.rate,
      unit: '1/s',
      peer: { what: 'through a bare node:http proxy', value: proxied.rate },
      reach: { atLeast: 5_000 },
    }),
    measurement({
      name: 'requests to the instance directly',
      value: direct.rate,
      unit: '1/s',
      peer: { what: 'through a bare node:http proxy', value: proxied.rate },
    }),
  ];
}

interface Speed {
  readonly ms: number;
  readonly rate: number;
}

async function reachOfCloud(sizes: Sizes): Promise<Speed> {
  await using cloud = await startCloud();
  const [uri = ''] = await createServices(cloud.url, { services: 1, revisionsPerService: 1 });
  return await speedOf(uri, sizes);
}

async function reachOf(program: readonly string[], sizes: Sizes): Promise<Speed> {
  await using child = await startChild(program);
  return await speedOf(child.url, sizes);
}

async function speedOf(url: string, { requests, seconds }: Sizes): Promise<Speed> {
  const ms = await medianMs(url, requests);
  return { ms, rate: await requestsPerSecond(url, seconds) };
}
