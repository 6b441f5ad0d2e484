import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../main.js', import.meta.url));

interface Ready {
  readonly url: string;
  /** Host and port. */
  readonly registry: string;
}

/** For tests: a local cloud in a process of its own. */
export interface ChildCloud extends Ready, AsyncDisposable {
  readonly isRunning: () => boolean;
  /** SIGKILL; resolves when the process is gone. */
  readonly kill: () => Promise<void>;
  /** SIGTERM, at which it removes what it has started; likewise. */
  readonly stop: () => Promise<void>;
}

/** Throws what the cloud said when it ends before it is ready. */
export async function childCloud(state: string, containers: 'none' | 'docker' = 'none'): Promise<ChildCloud> {
  const child = spawn(process.execPath, [main, `--containers=${containers}`, '--state', state]);
  const ready = await readyLine(child);
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals) => {
    if (!isRunning()) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const kill = () => end('SIGKILL');
  const stop = () => end('SIGTERM');
  return { ...ready, isRunning, kill, stop, [Symbol.asyncDispose]: stop };
}

async function readyLine({ stdout, stderr }: ChildProcess): Promise<Ready> {
  if (stdout === null || stderr === null) throw new Error('the cloud has no output');
  const said = text(stderr);
  for await (const line of createInterface(stdout)) return JSON.parse(line) as Ready;
  throw new Error(`the cloud ended before it was ready: ${await said}`);
}
