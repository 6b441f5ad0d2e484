import { type ChildProcess, spawn } from 'node:child_process';

/** How a program ended. */
export interface Ended {
  /** Absent when it was not there to be started or a signal ended it. */
  readonly code: number | undefined;
  /** The last 20,000 characters of what it wrote. */
  readonly output: string;
}

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly signal: AbortSignal;
}

/** Runs a program to its end; throws the signal's reason when that is what ended it. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { env, cwd, signal }: Surroundings,
): Promise<Ended> {
  signal.throwIfAborted();
  const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let insisting: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    signalGroup(child, 'SIGINT');
    insisting = setTimeout(() => {
      signalGroup(child, 'SIGTERM');
    }, PATIENCE_MS);
  };
  signal.addEventListener('abort', interrupt, { once: true });
  const end = await ended(child);
  clearTimeout(insisting);
  signal.removeEventListener('abort', interrupt);
  signal.throwIfAborted();
  return end;
}

// What a shell has started in the background ignores SIGINT.
const PATIENCE_MS = 2_000;

// First as a terminal does it: programs that mount something, such as debootstrap, clean up after themselves then.
function signalGroup({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, signal);
}

function ended(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', (error) => resolve({ code: undefined, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? undefined, output }));
  });
}
