import { runProgram, type Surroundings } from './run-program.ts';

export interface Tool extends Partial<Surroundings> {
  readonly program: string;
  readonly args: readonly string[];
}

const NEVER = new AbortController().signal;

/** Runs a program to its end and returns what it printed; throws with its last lines when it fails, and interrupts all that it started when the signal aborts. */
export async function runTool({
  program,
  args,
  env = process.env,
  signal = NEVER,
  ...rest
}: Tool): Promise<string> {
  const { code, output } = await runProgram(program, args, { ...rest, env, signal });
  if (code === 0) return output;
  const last = output.trim().split('\n').slice(-6).join('\n  ');
  throw new Error(`"${[program, ...args].join(' ')}" ended with ${String(code)}:\n  ${last}`);
}
