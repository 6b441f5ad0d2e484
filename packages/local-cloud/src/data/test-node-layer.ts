import { readFileSync } from 'node:fs';

import { tarOf } from './test-image.ts';

/** A layer with Node and the libraries it is linked with: no image can be had from the network in a test. */
export function nodeTar(): Promise<Buffer> {
  const { sharedObjects } = process.report.getReport() as unknown as {
    readonly sharedObjects: readonly string[];
  };
  const copied = sharedObjects
    .filter((path) => path.startsWith('/'))
    .map((path): [string, Buffer] => [path.slice(1), readFileSync(path)]);
  return tarOf({ 'usr/local/bin/node': readFileSync(process.execPath), ...Object.fromEntries(copied) });
}
