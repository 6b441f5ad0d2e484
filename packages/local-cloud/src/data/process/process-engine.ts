import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { ContainerSpec } from '../../data-plane.ts';
import { type Engine, type Exit, type Instance, type Launch, StartFailure, stopGraceMs } from '../engine.ts';
import { splitLines } from '../split-lines.ts';
import { hostCommand, type HostPrograms } from './host-command.ts';
import { imagePaths } from './image-paths.ts';
import { killMarked, signalGroup } from './process-group.ts';
import { imageCache, type UnpackedImage } from './unpack-image.ts';

export interface ProcessEngineOptions {
  readonly id: string;
  /** Where images are unpacked, each digest once and for good; `~/.cache/fairlead/images` unless told. */
  readonly cacheFolder?: string;
  /** The Python that runs the images' Python programs; `python3` of the PATH unless told. */
  readonly python?: string;
  /** Time between SIGTERM and SIGKILL; 10 s unless told. */
  readonly graceMs?: number;
}

const cloudMark = 'FAIRLEAD_LOCAL_CLOUD';
const instanceMark = 'FAIRLEAD_LOCAL_INSTANCE';

/**
 * Runs images as plain processes of this machine: pulled from the local registry, unpacked, started with this machine's Node or Python. There is no isolation:
 * the process sees this machine's files and network, is limited in neither memory nor CPU, and its instances share the unpacked files. Absolute paths of
 * the image are known to it only where an argument or a variable hands them over.
 */
export async function processEngine(options: ProcessEngineOptions): Promise<Engine> {
  await killMarked(cloudMark, options.id);
  const unpacked = imageCache(options.cacheFolder ?? join(homedir(), '.cache', 'fairlead', 'images'));
  const groups = new Set<number>();
  const killAll = () => {
    groups.forEach((pid) => {
      signalGroup(pid, 'SIGKILL');
    });
  };
  // When this process ends without closing, its children must not outlive it.
  process.on('exit', killAll);
  return {
    start: async (launch) => {
      const image = await unpacked(launch.container.image);
      const folder = await mkdtemp(join(tmpdir(), 'fairlead-instance-'));
      try {
        return await run(await prepare(launch, image, { folder, options }), {
          launch,
          folder,
          groups,
          options,
        });
      } catch (thrown) {
        await rm(folder, { recursive: true, force: true });
        throw thrown;
      }
    },
    close: async () => {
      process.off('exit', killAll);
      killAll();
      await killMarked(cloudMark, options.id);
    },
  };
}

interface Prepared {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Place {
  /** Holds what belongs to this instance alone: secrets, stand-ins for programs, temporary files. */
  readonly folder: string;
  readonly options: ProcessEngineOptions;
}

async function prepare(
  { id, container }: Launch,
  image: UnpackedImage,
  { folder, options }: Place,
): Promise<Prepared> {
  const overlay = join(folder, 'files');
  const programs = { node: process.execPath, python: options.python ?? pythonOfHost() };
  await Promise.all([writeFiles(overlay, container.files), writeStandIns(join(folder, 'bin'), programs)]);
  await mkdir(join(folder, 'tmp'));
  const paths = imagePaths(image.root, overlay);
  const inside = { ...environmentOf(image), ...container.env };
  const cwd = await workingFolder(image, container);
  const searchPath = inside['PATH'] ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const command = hostCommand(commandOf(image, container), { paths, programs, workingDir: cwd, searchPath });
  const mapped = Object.fromEntries(Object.entries(inside).map(([name, value]) => [name, paths.map(value)]));
  const pythonPath = [mapped['PYTHONPATH'], ...command.pythonPath]
    .filter((part) => part !== undefined)
    .join(':');
  return {
    program: command.program,
    args: command.args,
    cwd,
    env: {
      HOME: folder,
      TMPDIR: join(folder, 'tmp'),
      LANG: 'C.UTF-8',
      ...mapped,
      ...(pythonPath === '' ? {} : { PYTHONPATH: pythonPath }),
      PATH: [join(folder, 'bin'), paths.map(searchPath), process.env['PATH']].join(':'),
      [cloudMark]: options.id,
      [instanceMark]: id,
    },
  };
}

function commandOf({ config }: UnpackedImage, { command, args }: ContainerSpec): readonly string[] {
  if (command.length > 0) return [...command, ...args];
  return [...config.entrypoint, ...(args.length > 0 ? args : config.command)];
}

function environmentOf({ config }: UnpackedImage): Record<string, string> {
  return Object.fromEntries(
    config.env.map((line): [string, string] => {
      const cut = line.indexOf('=');
      return cut === -1 ? [line, ''] : [line.slice(0, cut), line.slice(cut + 1)];
    }),
  );
}

async function workingFolder({ root, config }: UnpackedImage, container: ContainerSpec): Promise<string> {
  const folder = join(root, container.workingDir ?? config.workingDir);
  await mkdir(folder, { recursive: true });
  return folder;
}

async function writeFiles(overlay: string, files: ContainerSpec['files']): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const place = join(overlay, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, content, { mode: 0o600 });
  }
}

/** Programs under the names that scripts inside an image call; a link would hide a virtual environment's Python from itself. */
async function writeStandIns(folder: string, { node, python }: HostPrograms): Promise<void> {
  await mkdir(folder);
  const standIns = [
    ['node', node],
    ['python', python],
    ['python3', python],
  ] as const;
  for (const [name, program] of standIns) {
    if (program === undefined) continue;
    const place = join(folder, name);
    await writeFile(place, `#!/bin/sh\nexec "${program}" "$@"\n`);
    await chmod(place, 0o755);
  }
}

let hostPython: { readonly path: string | undefined } | undefined;

// Asked for its own path, as what the PATH finds may be a chooser of versions that depends on the folder it is called in.
function pythonOfHost(): string | undefined {
  hostPython ??= { path: askPython() };
  return hostPython.path;
}

function askPython(): string | undefined {
  try {
    const told = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
      encoding: 'utf8',
      timeout: 10_000,
    });
    return told.trim();
  } catch {
    // None here; an image that needs one says so when it is started.
    return undefined;
  }
}

interface Run {
  readonly launch: Launch;
  readonly folder: string;
  readonly groups: Set<number>;
  readonly options: ProcessEngineOptions;
}

async function run(prepared: Prepared, { launch, folder, groups, options }: Run): Promise<Instance> {
  const child = spawn(prepared.program, prepared.args, {
    cwd: prepared.cwd,
    env: prepared.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = await spawned(child, prepared.program);
  groups.add(pid);
  passLines(child, launch.onLine);
  const exited = ended(child, pid, launch.id).then(async (exit) => {
    groups.delete(pid);
    await rm(folder, { recursive: true, force: true });
    return exit;
  });
  return {
    exited,
    stop: async () => {
      if (groups.has(pid)) await stop(pid, exited, options.graceMs ?? stopGraceMs);
      else await exited;
    },
  };
}

function spawned(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => {
      resolve(child.pid ?? 0);
    });
    child.once('error', (thrown) => {
      const message = `Application failed to start: "${program}" cannot be run on this machine: ${thrown.message}`;
      reject(new StartFailure('HEALTH_CHECK_CONTAINER_ERROR', message, { cause: thrown }));
    });
  });
}

function passLines(child: ChildProcess, onLine: Launch['onLine']): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    const lines = splitLines((text) => {
      onLine(stream, text);
    });
    child[stream]?.on('data', lines.write).on('end', lines.end);
  }
}

// Output that somebody still holds open after everything was killed is not waited for longer than this.
const lastOutputMs = 500;

/** As in a container, all ends with the first process. */
async function ended(child: ChildProcess, pid: number, instance: string): Promise<Exit> {
  const closed = new Promise((resolve) => child.once('close', resolve));
  const exit = await new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? { kind: 'exited', exitCode: code ?? 0 } : { kind: 'signalled', signal });
    });
  });
  signalGroup(pid, 'SIGKILL');
  await killMarked(instanceMark, instance);
  await Promise.race([closed, setTimeout(lastOutputMs, undefined, { ref: false })]);
  return exit;
}

async function stop(pid: number, exited: Promise<Exit>, graceMs: number): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  const over = new AbortController();
  void exited.then(() => {
    over.abort();
  });
  await setTimeout(graceMs, undefined, { signal: over.signal }).then(
    () => {
      signalGroup(pid, 'SIGKILL');
    },
    () => undefined,
  );
  await exited;
}
