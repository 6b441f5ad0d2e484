import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

import { StartFailure } from '../containers/engine.ts';
import type { ImagePaths } from './image-paths.ts';

/** The programs of this machine that stand in for the image's own. */
export interface HostPrograms {
  readonly node: string;
  /** Undefined where there is none. */
  readonly python: string | undefined;
}

export interface HostCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Folders of the image's Python packages that its interpreter would have found by itself. */
  readonly pythonPath: readonly string[];
}

export interface CommandPlace {
  readonly paths: ImagePaths;
  readonly programs: HostPrograms;
  readonly workingDir: string;
  /** The image's `PATH`, as the container would have it. */
  readonly searchPath: string;
}

/**
 * The command of an image as this machine can run it: Node and Python are this machine's own, shells too, a script goes to the interpreter that its first
 * line names, anything else is run from the unpacked image as it is. Throws {@link StartFailure} when there is no such program.
 */
export function hostCommand(command: readonly string[], place: CommandPlace): HostCommand {
  const [name, ...rest] = command;
  if (name === undefined) throw noProgram('the image names no command; set one in the service');
  const args = rest.map(place.paths.map);
  const own = hostProgram(name, place.programs);
  if (own !== undefined) return { program: own, args, pythonPath: pythonPathOf(name, place.paths) };
  const file = findProgram(name, place);
  if (file === undefined) throw noProgram(`exec: "${name}": executable file not found in the image`);
  const interpreter = interpreterOf(file);
  if (interpreter === undefined) return { program: file, args, pythonPath: [] };
  const inner = hostCommand(interpreter, place);
  return { ...inner, args: [...inner.args, file, ...args] };
}

function noProgram(because: string): StartFailure {
  return new StartFailure('HEALTH_CHECK_CONTAINER_ERROR', `Application failed to start: ${because}`);
}

function hostProgram(name: string, { node, python }: HostPrograms): string | undefined {
  const program = basename(name);
  if (/^node(js)?$/.test(program)) return node;
  if (/^(sh|ash|dash)$/.test(program)) return '/bin/sh';
  if (program === 'bash') return 'bash';
  if (!/^python(3(\.\d+)?)?$/.test(program)) return undefined;
  if (python !== undefined) return python;
  throw noProgram(`"${name}" needs Python, expected python3 on the PATH of this machine, found none`);
}

function findProgram(name: string, { paths, workingDir, searchPath }: CommandPlace): string | undefined {
  if (name.startsWith('/')) return paths.find(name);
  if (name.includes('/')) return [join(workingDir, name)].find((path) => existsSync(path));
  return searchPath
    .split(':')
    .map((folder) => paths.find(join(folder, name)))
    .find((path) => path !== undefined && statSync(path).isFile());
}

/** The words of a script's first line, without `env`; undefined for a program that is no script. */
function interpreterOf(file: string): string[] | undefined {
  const [first = ''] = readFileSync(file).subarray(0, 512).toString('latin1').split('\n');
  if (!first.startsWith('#!')) return undefined;
  const words = first.slice(2).trim().split(/\s+/);
  const isEnv = basename(words[0] ?? '') === 'env';
  return isEnv ? words.slice(words[1] === '-S' ? 2 : 1) : words;
}

/** `lib/python3.*` beside the interpreter that the image means (a virtual environment's, too), then the usual places. */
function pythonPathOf(name: string, paths: ImagePaths): string[] {
  const prefixes = [...(name.startsWith('/') ? [join(name, '../..')] : []), '/usr/local', '/usr'];
  return [...new Set(prefixes)].flatMap((prefix) => packageFolders(paths.find(join(prefix, 'lib'))));
}

function packageFolders(lib: string | undefined): string[] {
  if (lib === undefined) return [];
  return readdirSync(lib)
    .filter((entry) => entry.startsWith('python3'))
    .flatMap((entry) => [join(lib, entry, 'site-packages'), join(lib, entry, 'dist-packages')])
    .filter((folder) => existsSync(folder))
    .map((folder) => realpathSync(folder));
}
