import { parseArgs } from 'node:util';

import type { Containers } from './create-data-plane.ts';
import { startLocalCloud } from './local-cloud.ts';

const CHOICES: readonly Containers[] = ['docker', 'process', 'none'];

const { port, containers } = readArguments(process.argv.slice(2));
const cloud = await startLocalCloud({
  port,
  containers,
  log: (line) => {
    console.error(line);
  },
});
console.log(
  JSON.stringify({ ready: true, url: cloud.url, registry: cloud.registry, containers: cloud.containers }),
);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void cloud.close();
  });
}

function readArguments(args: readonly string[]): { readonly port: number; readonly containers: Containers } {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: 'string', default: '0' }, containers: { type: 'string', default: 'none' } },
  });
  const containers = CHOICES.find((choice) => choice === values.containers);
  if (containers === undefined)
    throw new Error(`--containers must be one of ${CHOICES.join(', ')}, got "${values.containers}"`);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port must be a whole number from 0 to 65535, got "${values.port}"`);
  return { port, containers };
}
