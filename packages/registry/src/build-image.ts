import { stat } from 'node:fs/promises';

import { ActionFailure } from '@fairlead/action-kit';
import { type Builder, chooseBuilder } from '@fairlead/images';

import type { BuildRequest, BuildTools, Built } from './build-request.ts';
import { buildxBuild } from './docker/buildx-build.ts';
import { dockerBuild } from './docker/docker-build.ts';
import { findDocker } from './docker/find-docker.ts';
import { packImage } from './pack/pack-image.ts';

export type BuiltImage = Built & { readonly builder: Builder };

/** Builds an image with the wanted builder, or with the best that there is; pushes it when the request says so. */
export async function buildImage(
  tools: BuildTools,
  request: BuildRequest,
  wanted: Builder | 'auto',
): Promise<BuiltImage> {
  const found = wanted === 'pack' ? {} : await findDocker(tools.env);
  const builder = chooseBuilder(wanted, {
    ...found,
    hasPack: request.pack !== undefined,
    dockerfile: request.dockerfile,
    hasDockerfile: await isFile(request.dockerfile),
  });
  tools.log.info(`Building with ${builder}.`);
  if (builder === 'pack') return { builder, ...(await packImage(tools, request)) };
  const { program } = found;
  if (program === undefined) throw new ActionFailure('the program "docker" is not on the path');
  const built =
    builder === 'buildx'
      ? await buildxBuild(tools, request, program)
      : await dockerBuild(tools, request, { ...found, program });
  return { builder, ...built };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
