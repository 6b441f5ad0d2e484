import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A Docker engine that answers, and how it is reached. */
export interface Engine {
  /** Value of DOCKER_HOST; absent for the default socket. */
  readonly host?: string;
  /** Stops the engine when it is our own; does nothing otherwise. */
  readonly stop: () => Promise<void>;
}

/** The demo was asked for containers and there is no way to have them; the message says what is missing. */
export class NoEngine extends Error {}

/** The engine that already answers on this machine, if any. */
export async function answeringEngine(): Promise<Engine | undefined> {
  const host = process.env['DOCKER_HOST'];
  const socket = host === undefined ? '/var/run/docker.sock' : unixSocket(host);
  if (socket === undefined || !(await pings(socket))) return undefined;
  return { ...(host === undefined ? {} : { host }), stop: () => Promise.resolve() };
}

/** Starts an engine of our own below `folder`; throws NoEngine when this machine cannot. `onStart` is called when nothing is known to be missing. */
export async function startEngine(folder: string, onStart: () => void): Promise<Engine> {
  if (process.getuid?.() !== 0) throw new NoEngine(missing('no engine answers and starting one needs root'));
  for (const program of ['dockerd', 'docker'])
    if (!isOnPath(program)) throw new NoEngine(missing(`no engine answers and ${program} is not installed`));
  onStart();
  await mkdir(folder, { recursive: true });
  // A socket's path may have 107 bytes at the most, and the folder of a checkout can be longer than that.
  const running = `/tmp/fairlead-docker-${process.pid}`;
  const socket = `${running}.sock`;
  const host = `unix://${socket}`;
  const child = spawn('dockerd', engineArguments({ folder, running, host }), {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const errors = lastOf(child);
  const stop = async (): Promise<void> => {
    await ended(child);
    await removeRunning(running);
    await rm(socket, { force: true });
  };
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) break;
    if (await pings(socket)) return { host, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new NoEngine(missing(`dockerd did not start: ${errors().split('\n').at(-1) ?? ''}`));
}

interface Places {
  readonly folder: string;
  readonly running: string;
  readonly host: string;
}

function engineArguments({ folder, running, host }: Places): readonly string[] {
  const places = [
    '--data-root',
    join(folder, 'data'),
    '--exec-root',
    running,
    '--pidfile',
    join(folder, 'pid'),
  ];
  // Nothing of the machine's network is changed: containers use the host's.
  return ['--host', host, ...places, '--bridge=none', '--iptables=false', '--ip6tables=false'];
}

function lastOf(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-2000);
  });
  return () => text.trim();
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exit;
}

// dockerd leaves the network namespaces of its containers mounted here when it ends.
async function removeRunning(running: string): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((mount) => mount.startsWith(`${running}/`));
  for (const mount of mounts.reverse()) await promisify(execFile)('umount', ['--lazy', mount]);
  await rm(running, { recursive: true, force: true });
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, program)));
}

function missing(found: string): string {
  return `--containers=docker needs a Docker engine, but ${found}; on Debian run: apt-get install docker.io, and start it or run the demo as root`;
}

function unixSocket(host: string): string | undefined {
  return host.startsWith('unix://') ? host.slice('unix://'.length) : undefined;
}

function pings(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.on('error', () => resolve(false));
    ping.on('timeout', () => ping.destroy());
    ping.end();
  });
}
