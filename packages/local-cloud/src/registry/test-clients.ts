import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ended, type Ended, output } from '../test-programs.ts';
import { type PushPolicy, startRegistry } from './index.ts';

/** For tests: a registry, and a folder with nobody's settings in which clients of it are run. */
export interface ClientBench extends AsyncDisposable {
  readonly folder: string;
  readonly address: string;
  /** What the program printed; throws when it failed. */
  readonly run: (program: string, ...args: readonly string[]) => Promise<string>;
  /** The same, read as JSON. */
  readonly json: (program: string, ...args: readonly string[]) => Promise<unknown>;
  /** How the program ended, whatever it did. */
  readonly tried: (program: string, ...args: readonly string[]) => Promise<Ended>;
  readonly file: (name: string, content: string | Buffer) => Promise<void>;
}

/** Everything may be pushed unless told. */
export async function clientBench(policy: Partial<PushPolicy> = {}): Promise<ClientBench> {
  await using opened = new AsyncDisposableStack();
  const { path: folder } = opened.use(await mkdtempDisposable(join(tmpdir(), 'registry-clients-')));
  const { address } = opened.use(await startRegistry({ folder: join(folder, 'registry'), policy }));
  const options = { cwd: folder, env: { HOME: folder, DOCKER_CONFIG: join(folder, 'docker') } };
  const run = (program: string, ...args: readonly string[]) => output(program, args, options);
  const everything = opened.move();
  return {
    folder,
    address,
    run,
    json: async (...asked) => JSON.parse(await run(...asked)) as unknown,
    tried: (program, ...args) => ended(program, args, options),
    file: (name, content) => writeFile(join(folder, name), content),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}
