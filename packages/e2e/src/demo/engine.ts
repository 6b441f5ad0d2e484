import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';

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

/** Starts an engine of our own below `folder`; throws NoEngine when this machine cannot. */
export async function startEngine(folder: string): Promise<Engine> {
  if (process.getuid?.() !== 0) throw new NoEngine(missing('no engine answers and starting one needs root'));
  await mkdir(folder, { recursive: true });
  // A socket's path may have 107 bytes at the most, and the folder of a checkout can be longer than that.
  const socket = `/tmp/fairlead-docker-${process.pid}.sock`;
  const host = `unix://${socket}`;
  const args = [
    ...[
      '--host',
      host,
      '--data-root',
      join(folder, 'data'),
      '--exec-root',
      `/tmp/fairlead-docker-${process.pid}`,
    ],
    ...['--pidfile', join(folder, 'pid'), '--bridge=none', '--iptables=false', '--ip6tables=false'],
  ];
  const child = spawn('dockerd', args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-2000);
  });
  const spawned = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
  });
  if (!spawned) throw new NoEngine(missing('no engine answers and dockerd is not installed'));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      const exit = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await exit;
    }
    await Promise.all(
      [socket, `/tmp/fairlead-docker-${process.pid}`].map((path) =>
        rm(path, { recursive: true, force: true }),
      ),
    );
  };
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) break;
    if (await pings(socket)) return { host, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new NoEngine(missing(`dockerd did not start: ${errors.trim().split('\n').at(-1) ?? ''}`));
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
