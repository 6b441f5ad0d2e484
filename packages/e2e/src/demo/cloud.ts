import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

import { root } from './root.ts';

/** A local cloud that runs as its own process, the way `npm run cloud` starts it. */
export interface Cloud {
  readonly url: string;
  /** `127.0.0.1:PORT` of the registry. */
  readonly registry: string;
  readonly setSecret: (name: string, value: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface CloudOptions {
  readonly containers: 'docker' | 'process';
  /** Where it keeps images from one run to the next. */
  readonly folder: string;
  /** Services whose address is agreed on before they exist: name to loopback port. */
  readonly servicePorts: Readonly<Record<string, number>>;
  readonly env: NodeJS.ProcessEnv;
  /** Called when it ends without having been asked to. */
  readonly onDeath: (message: string) => void;
}

interface Ready {
  readonly url: string;
  readonly registry: string;
}

/** Starts the local cloud and waits until it listens. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const args = [
    join(root, 'packages/local-cloud/src/main.js'),
    '--port',
    '0',
    '--containers',
    options.containers,
    '--folder',
    options.folder,
    ...Object.entries(options.servicePorts).flatMap(([name, port]) => ['--service-port', `${name}=${port}`]),
  ];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const errors = tail(child);
  const ready = await firstLine(child, errors);
  let stopping = false;
  child.once('exit', (code) => {
    if (!stopping) options.onDeath(`the local cloud ended with ${String(code)}: ${errors()}`);
  });
  return {
    ...ready,
    setSecret: (name, value) => putSecret(`${ready.url}/-/secrets/${name}`, value),
    stop: () => {
      stopping = true;
      return ended(child);
    },
  };
}

function tail(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-2000);
  });
  return () => text.trim();
}

function firstLine(child: ChildProcess, errors: () => string): Promise<Ready> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`the local cloud ended with ${String(code)} before it listened: ${errors()}`));
    });
    if (child.stdout === null) return;
    createInterface(child.stdout).once('line', (line) => {
      resolve(JSON.parse(line) as Ready);
    });
  });
}

async function putSecret(url: string, value: string): Promise<void> {
  const response = await fetch(url, { method: 'PUT', body: value });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 8_000);
  await exit;
  clearTimeout(timer);
}
