import { join } from 'node:path';

import { isOnPath, output } from '../test-programs.ts';

/** A published Go module at one version, with the checksum that its content must have. */
interface GoModule {
  readonly path: string;
  readonly version: string;
  readonly sum: string;
}

/** Seven commits after v1.1.0-rc2: the newest that Go could get and check with its checksum database where this was written. */
export const CONFORMANCE: GoModule = {
  path: 'github.com/opencontainers/distribution-spec/conformance',
  version: 'v0.0.0-20230516164017-7fcdf80f3c8b',
  sum: 'h1:MGYx4v+mUV+V2Vs7/dauGK+GdBJYD1Jkn8bHdyqs6/s=',
};

export const ORAS: GoModule = {
  path: 'oras.land/oras',
  version: 'v1.2.3',
  sum: 'h1:rX4fPzUp0dE1PnQoJQKzjqHYf/QGkNJlrh2g0URV7o8=',
};

export const CRANE: GoModule = {
  path: 'github.com/google/go-containerregistry',
  version: 'v0.20.6',
  sum: 'h1:cvWX87UxxLgaH76b4hIvya6Dzz9qHB31qAwjAohdSTU=',
};

export function hasGo(): boolean {
  return isOnPath('go');
}

/**
 * Builds a program of a module (`build`), or the tests of one as a program (`test`), into the folder; its path. Go takes the module from its cache or its
 * proxy, and what it is made from by the checksums in the module's own `go.sum`. The first time takes some ten seconds, later times one.
 */
export async function goProgram(
  module: GoModule,
  kind: 'build' | 'test',
  { folder, source }: { readonly folder: string; readonly source: string },
): Promise<string> {
  const program = join(folder, `${kind}-of-${module.version}`);
  const args = kind === 'test' ? ['test', '-c'] : ['build'];
  await output('go', [...args, '-o', program, source], { cwd: await sourceOf(module, folder), env: PLAIN });
  return program;
}

/** Modules as they are, whatever the one that runs the tests has set for modules of their own. */
const PLAIN = { GOFLAGS: '-mod=readonly -buildvcs=false', GOWORK: 'off' };

async function sourceOf({ path, version, sum }: GoModule, folder: string): Promise<string> {
  const asked = ['mod', 'download', '-json', `${path}@${version}`];
  const told = JSON.parse(await output('go', asked, { cwd: folder, env: PLAIN })) as {
    readonly Dir: string;
    readonly Sum: string;
  };
  if (told.Sum === sum) return told.Dir;
  throw new Error(`expected ${path} ${version} to have checksum ${sum}, got ${told.Sum}`);
}
