import { spawn } from 'node:child_process';

export interface Tool {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** Runs a program to its end and returns what it printed; throws with its last lines when it fails, and ends all that it started when the signal aborts. */
export async function runTool({ program, args, cwd, env, signal }: Tool): Promise<string> {
  signal?.throwIfAborted();
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const kill = (): void => {
    killGroup(child.pid);
  };
  signal?.addEventListener('abort', kill, { once: true });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await new Promise<number | undefined>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit) => {
      resolve(exit ?? undefined);
    });
  }).finally(() => signal?.removeEventListener('abort', kill));
  signal?.throwIfAborted();
  if (code === 0) return output;
  const last = output.trim().split('\n').slice(-6).join('\n  ');
  throw new Error(`"${[program, ...args].join(' ')}" ended with ${String(code)}:\n  ${last}`);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended between the look and the signal.
  }
}
