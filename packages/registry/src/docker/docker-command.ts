import { ActionFailure, type CommandResult, runCommand } from '@fairlead/action-kit';

import type { BuildTools } from '../build-request.ts';
import { lastLines } from '../last-lines.ts';

/** Runs docker, its lines going to the log; throws with the last of them when it fails. */
export async function docker(
  { env, log }: Pick<BuildTools, 'env' | 'log'>,
  program: string,
  args: readonly string[],
): Promise<CommandResult> {
  const result = await runCommand(program, args, { env, onLine: log.info });
  if (result.exitCode === 0) return result;
  throw new ActionFailure(
    `docker ${args[0] ?? ''} ended with exit code ${result.exitCode}: ${lastLines(`${result.stdout}\n${result.stderr}`)}`,
  );
}

/** A command as a person would type it. */
export function typed(args: readonly string[]): string {
  return ['docker', ...args]
    .map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replace(/'/g, String.raw`'\''`)}'`))
    .join(' ');
}

/** `--name KEY=value` for each pair. */
export function pairArgs(name: string, pairs: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(pairs).flatMap(([key, value]) => [name, `${key}=${value}`]);
}
