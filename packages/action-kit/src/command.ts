import { getExecOutput } from '@actions/exec';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string | Buffer;
  /** Whether output goes to the log while it runs; off unless told. */
  readonly live?: boolean;
  readonly onLine?: (line: string) => void;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell and returns what it printed, whatever its exit code; throws when it cannot be started. */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { cwd, env, input, live = false, onLine } = options;
  return getExecOutput(quoted(program), [...args], {
    ignoreReturnCode: true,
    silent: !live,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: definedOf(env) }),
    ...(input === undefined ? {} : { input: Buffer.from(input) }),
    ...(onLine === undefined ? {} : { listeners: { stdline: onLine, errline: onLine } }),
  });
}

// @actions/exec splits its first argument as a command line; a path with spaces must arrive as one word.
function quoted(program: string): string {
  return `"${program.replace(/"/g, '\\"')}"`;
}

function definedOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
