import { join } from 'node:path';

import { root } from './root.ts';
import { type Ended, runProgram, type Surroundings } from './run-program.ts';

/** Where warm-up images go by name, and what the example is built on. */
export interface WarmUp {
  /** `127.0.0.1:PORT`; nothing is pushed there. */
  readonly registry: string;
  readonly buildArgs: string;
}

/**
 * Builds a Node and a Python service for nothing but the engine's cache: the builds of a delivery run side by side, and each would fetch
 * the same packages. Returns whether they were kept from before.
 */
export async function warmUpEngine(asked: WarmUp, surroundings: Surroundings): Promise<string> {
  const builds = await Promise.all(
    ['users_service', 'habits_service'].map((folder) => built(folder, asked, surroundings)),
  );
  const isNew = builds.some(({ output }) => /added \d+ packages|Successfully installed/.test(output));
  return `kept by the engine ${isNew ? 'for the next time' : 'from before'}`;
}

async function built(folder: string, asked: WarmUp, surroundings: Surroundings): Promise<Ended> {
  // Whole images: removing one takes its last layer along, which must not be the one that has the packages.
  const inputs = {
    INPUT_IMAGE: `${asked.registry}/mindmirror/warm-up/${folder}`,
    INPUT_TAG: 'warm-up',
    INPUT_DOCKERFILE: `${folder}/Dockerfile`,
    INPUT_BUILDER: 'docker',
    'INPUT_BUILD-ARGS': asked.buildArgs,
    INPUT_PUSH: 'false',
    GITHUB_WORKSPACE: surroundings.cwd,
  };
  const env = { ...surroundings.env, ...inputs };
  const end = await runProgram(process.execPath, [join(root, 'dist/build-push/index.js')], {
    ...surroundings,
    env,
  });
  if (end.code === 0) return end;
  throw new Error(`building ${folder} failed: ${end.output.trim().split('\n').slice(-3).join('; ')}`);
}

/**
 * Removes the images that were built for and pulled from this registry, which nobody reaches any more. The layers below them stay, for the
 * builds of the next run.
 */
export async function removeImages(registry: string, env: NodeJS.ProcessEnv): Promise<void> {
  const always = { env, signal: new AbortController().signal };
  const shape = '{{.Repository}}:{{.Tag}}\n{{.Repository}}@{{.Digest}}';
  const args = ['images', '--digests', '--format', shape, '--filter', `reference=${registry}/*/*/*`];
  const { output } = await runProgram('docker', args, always);
  // By name: an image that another one is built on cannot be removed by its id.
  const names = [
    ...new Set(output.split('\n').filter((line) => /\S/.test(line) && !line.endsWith('<none>'))),
  ];
  if (names.length > 0) await runProgram('docker', ['rmi', '--force', '--no-prune', ...names], always);
}
