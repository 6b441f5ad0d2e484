import { execFileSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { ContainerSpec } from '../../data-plane.ts';
import { hostCommand, type HostPrograms } from './host-command.ts';
import { imagePaths } from './image-paths.ts';
import type { UnpackedImage } from './unpack-image.ts';

export interface PreparedProcess {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Place {
  /** Holds what belongs to this instance alone: secrets, stand-ins for programs, temporary files. */
  readonly folder: string;
  readonly python: string | undefined;
  /** Folders of this machine by the paths at which the container has them. */
  readonly mounts: Readonly<Record<string, string>>;
}

/** What to run in place of the container; what belongs to it alone is written to `folder`. Throws `StartFailure` when its program cannot be had. */
export async function prepareProcess(
  container: ContainerSpec,
  image: UnpackedImage,
  { folder, python = pythonOfHost(), mounts }: Place,
): Promise<PreparedProcess> {
  const overlay = join(folder, 'files');
  const programs = { node: process.execPath, python };
  await Promise.all([writeFiles(overlay, container.files), writeStandIns(join(folder, 'bin'), programs)]);
  await mkdir(join(folder, 'tmp'));
  const paths = imagePaths(image.root, overlay, mounts);
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
      // Without a network of its own, what it listens on is this machine's: a program that asks is kept to loopback.
      HOST: container.env['HOST'] ?? '127.0.0.1',
      ...(pythonPath === '' ? {} : { PYTHONPATH: pythonPath }),
      PATH: [join(folder, 'bin'), paths.map(searchPath), process.env['PATH']].join(':'),
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
  const folder = join(root, join('/', container.workingDir ?? config.workingDir));
  await mkdir(folder, { recursive: true });
  return folder;
}

async function writeFiles(overlay: string, files: ContainerSpec['files']): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const place = join(overlay, join('/', path));
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
