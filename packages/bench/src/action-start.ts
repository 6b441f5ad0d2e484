import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { measurement, type Measurement, median } from './measurement.ts';
import type { Sizes } from './sizes.ts';

const dist = fileURLToPath(new URL('../../../dist', import.meta.url));

/**
 * CPU time of each built action up to its first refusal: it is started without any input, so that it loads everything and calls nobody. Nothing is measured
 * where nothing is built.
 */
export function measureActions({ starts }: Sizes): readonly Measurement[] {
  const empty = cpuMs(['-e', ''], starts);
  return builtActions().map((action) =>
    measurement({
      name: `CPU of the start of ${action}`,
      value: cpuMs([join(dist, action, 'index.js')], starts),
      unit: 'ms',
      peer: { what: 'an empty node process', value: empty },
    }),
  );
}

function builtActions(): readonly string[] {
  if (!existsSync(dist)) return [];
  return readdirSync(dist).filter((name) => existsSync(join(dist, name, 'index.js')));
}

function cpuMs(args: readonly string[], times: number): number {
  return median(Array.from({ length: times }, () => cpuOfOne(args)));
}

// Only the shell's own clock knows what a child that has ended used; here the program says it as its last act.
function cpuOfOne(args: readonly string[]): number {
  const report = `process.on('exit', () => { const { user, system } = process.cpuUsage(); process.stderr.write('\\ncpu ' + (user + system)); })`;
  const { stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(report)}`, ...args],
    {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '' },
    },
  );
  return Number(/cpu (\d+)/.exec(stderr)?.[1] ?? Number.NaN) / 1000;
}
