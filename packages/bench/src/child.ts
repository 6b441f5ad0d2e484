import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program that says in one line of JSON that it is ready. */
export interface Child extends AsyncDisposable {
  readonly url: string;
  /** From before the start to that line. */
  readonly readyMs: number;
  readonly rssBytes: () => number;
}

const cloudMain = fileURLToPath(new URL('../../local-cloud/src/main.js', import.meta.url));

export function startCloud(...args: readonly string[]): Promise<Child> {
  return startChild([cloudMain, '--containers=none', ...args]);
}

/** Runs this machine's node with the arguments. */
export async function startChild(args: readonly string[]): Promise<Child> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { url = '' } = JSON.parse(await firstLine(child)) as { readonly url?: string };
  const readyMs = performance.now() - startedMs;
  return {
    url,
    readyMs,
    rssBytes: () => rssOf(child.pid ?? 0),
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the program has no output');
  const [line] = (await once(createInterface(stdout), 'line')) as [string];
  return line;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

function rssOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
}
