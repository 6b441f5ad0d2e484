import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How long a process that should stop is given: interrupted, then terminated, then killed with all that it started. */
export interface Ladder {
  readonly interruptMs: number;
  readonly terminateMs: number;
}

/** GitHub's own times. */
export const RUNNER_LADDER: Ladder = { interruptMs: 7500, terminateMs: 2500 };

export interface ChildOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly ladder: Ladder;
  readonly onLine: (line: string) => void;
}

// A process that was left behind can hold the output open for as long as it lives.
const OUTPUT_GRACE_MS = 1000;

/** Runs a program to its end and returns its exit code, 137 when a signal ended it. Throws when it cannot be started. */
export async function runChild(options: ChildOptions): Promise<number> {
  const { program, args, cwd, env, signal, ladder, onLine } = options;
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 137);
    });
  });
  const drained = Promise.all([child.stdout, child.stderr].map((stream) => linesOf(stream, onLine)));
  const timers: NodeJS.Timeout[] = [];
  const stop = () => {
    child.kill('SIGINT');
    timers.push(setTimeout(() => child.kill('SIGTERM'), ladder.interruptMs));
    timers.push(
      setTimeout(() => {
        killTree(child.pid);
      }, ladder.interruptMs + ladder.terminateMs),
    );
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  try {
    const code = await ended;
    await Promise.race([
      drained,
      new Promise((resolve) => timers.push(setTimeout(resolve, OUTPUT_GRACE_MS))),
    ]);
    return code;
  } finally {
    timers.forEach(clearTimeout);
    signal.removeEventListener('abort', stop);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

async function linesOf(stream: NodeJS.ReadableStream, onLine: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) onLine(line);
}

function killTree(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended between the look and the signal.
  }
}
