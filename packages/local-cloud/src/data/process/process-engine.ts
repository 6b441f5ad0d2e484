import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import {
  type Engine,
  type Exit,
  type Instance,
  type Launch,
  StartFailure,
  stopGraceMs,
} from '../containers/engine.ts';
import { memoryBytes } from '../containers/memory.ts';
import { splitLines } from '../containers/split-lines.ts';
import { prepareProcess, type PreparedProcess } from './prepare-process.ts';
import { watchMemory } from './memory-watch.ts';
import { killMarked, signalGroup } from './process-group.ts';
import { imageCache } from './unpack-image.ts';

export interface ProcessEngineOptions {
  /** Its processes and folders that a killed run has left are removed at the start. */
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
 * the process sees this machine's files and network, is not limited in CPU, and its instances share the unpacked files. On Linux one that uses more memory than its
 * limit is killed. Absolute paths of
 * the image are known to it only where an argument or a variable hands them over. `HOST` is 127.0.0.1 unless the container's own environment (not the image's) has it,
 * so that a program which listens where it is told is not reached from beyond this machine.
 */
export async function processEngine(options: ProcessEngineOptions): Promise<Engine> {
  await killMarked(cloudMark, options.id);
  const home = join(tmpdir(), `fairlead-cloud-${options.id}`);
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { mode: 0o700 });
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
      const folder = await mkdtemp(join(home, 'instance-'));
      try {
        const prepared = await prepareProcess(launch.container, image, {
          folder,
          python: options.python,
          mounts: launch.mounts,
        });
        return await run(prepared, { launch, folder, groups, options });
      } catch (thrown) {
        await rm(folder, { recursive: true, force: true });
        throw thrown;
      }
    },
    openFolders: async (instance, names) => {
      const shared = await mkdtemp(join(home, `${instance}-`));
      await Promise.all(names.map((name) => mkdir(join(shared, name))));
      return {
        places: Object.fromEntries(names.map((name) => [name, join(shared, name)])),
        remove: () => rm(shared, { recursive: true, force: true }),
      };
    },
    close: async () => {
      process.off('exit', killAll);
      killAll();
      await killMarked(cloudMark, options.id);
      await rm(home, { recursive: true, force: true });
    },
  };
}

interface Run {
  readonly launch: Launch;
  readonly folder: string;
  readonly groups: Set<number>;
  readonly options: ProcessEngineOptions;
}

async function run(prepared: PreparedProcess, { launch, folder, groups, options }: Run): Promise<Instance> {
  const child = spawn(prepared.program, prepared.args, {
    cwd: prepared.cwd,
    env: { ...prepared.env, [cloudMark]: options.id, [instanceMark]: launch.id },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = await spawned(child, prepared.program);
  groups.add(pid);
  passLines(child, launch.onLine);
  const memory = watchMemory(pid, memoryBytes(launch.container.memory ?? ''));
  const exited = ended(child, pid, launch.id).then(async (exit) => {
    groups.delete(pid);
    await rm(folder, { recursive: true, force: true });
    return memory.end() ?? exit;
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
