import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** For tests: whether this machine has the program. */
export function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** For tests: runs a program to its end, in a folder and with variables beside those of this process. */
export function ended(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 64 * 2 ** 20, timeout: 240_000 };
    const child = execFile(program, [...args], options, (_, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? 1, stdout, stderr });
    });
  });
}

/** For tests: what a program printed; throws all that it said when it failed. */
export async function output(...run: Parameters<typeof ended>): Promise<string> {
  const { exitCode, stdout, stderr } = await ended(...run);
  if (exitCode === 0) return stdout;
  throw new Error(`"${[run[0], ...run[1]].join(' ')}" ended with ${exitCode}: ${stdout}${stderr}`);
}
