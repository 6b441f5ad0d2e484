import { type ChildProcess, spawn } from 'node:child_process';
import { constants, EOL } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

import { ActionFailure, messageOf } from './failure.ts';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What the program may read; it need not. Without it the program finds its input ended. */
  readonly input?: string | Buffer;
  /** Whether the command and its output go to the log while it runs; off unless told. */
  readonly live?: boolean;
  readonly onLine?: (line: string) => void;
}

export interface CommandResult {
  /** 128 and the signal's number for a program that a signal has ended, as shells say it. */
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
  const { cwd, env = process.env, input, live = false } = options;
  if (live) process.stdout.write(`[command]${[program, ...args].join(' ')}${EOL}`);
  const child = spawn(program, args, {
    cwd,
    env: { ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const ended = exitOf(child);
  const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => textOf(stream, options));
  // A program that ends before it has read its input breaks the pipe; how it ended says whether that is wrong.
  child.stdin?.on('error', () => undefined).end(input);
  try {
    return { exitCode: await ended, stdout: stdout?.() ?? '', stderr: stderr?.() ?? '' };
  } catch (cause) {
    const place = cwd === undefined ? '' : ` in "${cwd}"`;
    throw new ActionFailure(`"${program}" cannot be started${place}: ${messageOf(cause)}`, { cause });
  }
}

/** For output that somebody else still holds open after the program has ended. */
const LAST_OUTPUT_MS = 10_000;

async function exitOf(child: ChildProcess): Promise<number> {
  const closed = new Promise((resolve) => child.once('close', resolve));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
  const over = new AbortController();
  const given = setTimeout(LAST_OUTPUT_MS, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([closed, given]);
  over.abort();
  child.stdout?.destroy();
  child.stderr?.destroy();
  return exitCode;
}

/** Takes in the stream from now on; the answer is the text so far. */
function textOf(stream: ChildProcess['stdout'], { live, onLine }: CommandOptions): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (live === true) process.stdout.write(chunk);
  });
  if (stream !== null && onLine !== undefined) createInterface({ input: stream }).on('line', onLine);
  return () => text;
}
