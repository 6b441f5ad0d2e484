import { existsSync, readdirSync } from 'node:fs';

import { runTool } from './run-tool.ts';

export interface WarmUp {
  readonly repository: string;
  /** Where the packages are kept from one run to the next. */
  readonly cache: string;
  readonly signal: AbortSignal;
  readonly say: (doing: string) => void;
}

/**
 * Fetches the packages that the example's units are made from, so that the jobs of a delivery do not fetch them side by side.
 * Says in one line whether it fetched them or an earlier run had.
 */
export async function warmUp({ repository, cache, signal, say }: WarmUp): Promise<string> {
  const env = { ...process.env, BUILD_CACHE: cache };
  const make = (unit: string): Promise<string> =>
    runTool({ program: process.execPath, args: ['build.mjs', unit], cwd: repository, env, signal });
  const before = entries(cache);
  say('packages of the Node services, from npm');
  await make('packages');
  say('packages of the gateway from npm, of the Python service from PyPI');
  await Promise.all([make('mesh'), make('habits')]);
  const fetched = entries(cache).filter((entry) => !before.includes(entry)).length;
  if (fetched === 0) return 'reused what an earlier run kept in .fairlead/build-cache';
  return 'kept in .fairlead/build-cache for the next time';
}

function entries(cache: string): readonly string[] {
  return existsSync(cache) ? readdirSync(cache) : [];
}
