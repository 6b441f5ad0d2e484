import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

import { startChild, startCloud } from './child.ts';
import { medianMs } from './load.ts';
import { measurement, type Measurement } from './measurement.ts';
import { createServices } from './seed.ts';
import type { Sizes } from './sizes.ts';

/** A store that is full: how long its services take to be listed over HTTP, and how much memory it all takes. */
export async function measureStore(sizes: Sizes): Promise<readonly Measurement[]> {
  await using empty = await startChild(['-e', 'console.log("{}"); setTimeout(() => {}, 600_000)']);
  await using cloud = await startCloud();
  await createServices(cloud.url, sizes);
  const list = `${cloud.url}/v2/projects/p/locations/r/services?pageSize=1000`;
  await setTimeout(sizes.settleMs);
  const rssBytes = cloud.rssBytes();
  const listed = await medianMs(list, Math.min(20, sizes.requests));
  return [
    measurement({
      name: `${sizes.services} services listed`,
      value: listed,
      unit: 'ms',
      peer: { what: 'the same bytes from a bare node:http server', value: await sameBytes(list, sizes) },
      reach: { atMost: 100 },
    }),
    measurement({
      name: `memory with ${sizes.services} services and ${sizes.services * sizes.revisionsPerService} revisions`,
      value: rssBytes / 1024 ** 2,
      unit: 'MiB',
      peer: { what: 'an empty node process', value: empty.rssBytes() / 1024 ** 2 },
      reach: { atMost: 200 },
    }),
  ];
}

async function sameBytes(url: string, sizes: Sizes): Promise<number> {
  const body = Buffer.from(await (await fetch(url)).arrayBuffer());
  const server = createServer((_, response) => {
    response.end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  try {
    return await medianMs(`http://127.0.0.1:${port}/`, Math.min(20, sizes.requests));
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
