import { type Environment, runCommand } from '@fairlead/action-kit';
import type { BuilderFacts } from '@fairlead/images';

import { isRecord, type Json, parsedRecord, textOf } from '../json.ts';
import { programPath } from './program-path.ts';

/** The Docker that there is: its versions, each absent when that part is. */
export type FoundDocker = Pick<BuilderFacts, 'cli' | 'engine' | 'buildx'> & {
  /** Path of the program; absent when it is not on the path. */
  readonly program?: string;
  /** What the engine builds for unless told, such as `linux/amd64`. */
  readonly platform?: string;
  /** Whether the engine has no bridged network, as one that was started with `--bridge=none`. */
  readonly lacksBridge?: boolean;
};

/** Looks for Docker with three of its commands at once; a machine without it is no failure. */
export async function findDocker(env: Environment): Promise<FoundDocker> {
  const program = await programPath('docker', env);
  if (program === undefined) return {};
  const [versions, buildx, bridges] = await Promise.all([
    runCommand(program, ['version', '--format', '{{json .}}'], { env }),
    runCommand(program, ['buildx', 'version'], { env }),
    runCommand(program, ['network', 'ls', '--quiet', '--filter', 'driver=bridge'], { env }),
  ]);
  const { Client: client, Server: server } = parsedRecord(versions.stdout) ?? {};
  const plugin = buildx.exitCode === 0 ? /\bv?\d+\.\d+\S*/.exec(buildx.stdout)?.[0] : undefined;
  return {
    program,
    cli: versionOf(client) ?? 'unknown',
    ...(isRecord(server) && { engine: versionOf(server) ?? 'unknown', ...platformOf(server) }),
    ...(plugin !== undefined && { buildx: plugin }),
    lacksBridge: bridges.exitCode === 0 && bridges.stdout.trim() === '',
  };
}

function versionOf(part: unknown): string | undefined {
  return isRecord(part) ? textOf(part['Version']) : undefined;
}

function platformOf(server: Json): { readonly platform?: string } {
  const [os, architecture] = [textOf(server['Os']), textOf(server['Arch'])];
  return os === undefined || architecture === undefined ? {} : { platform: `${os}/${architecture}` };
}
