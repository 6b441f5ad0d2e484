import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ActionFailure } from '@fairlead/action-kit';
import { formatReference } from '@fairlead/images';

import type { BuildRequest, BuildTools, Built } from '../build-request.ts';
import { parsedRecord, textOf } from '../json.ts';
import { refuseTakenTag } from '../taken-tag.ts';
import { checkContext } from './check-context.ts';
import { docker, pairArgs, typed } from './docker-command.ts';
import { pushedImage } from './pushed-image.ts';
import { withLogin } from './with-login.ts';

/** Builds and pushes with buildx, for one platform or many. */
export async function buildxBuild(tools: BuildTools, request: BuildRequest, program: string): Promise<Built> {
  const { image, push, platforms } = request;
  await checkContext(request);
  if (push) await refuseTakenTag(tools.client, image);
  const args = buildArguments(request);
  const commands = [typed(args)];
  const digest = await withLogin(tools, { program, registry: image.registry }, () =>
    built(tools, program, args),
  );
  if (!push) return { commands };
  if (digest === undefined)
    throw new ActionFailure(
      `buildx ended without saying which digest it pushed as ${formatReference(image)}`,
    );
  const platform = platforms[0] ?? 'linux/amd64';
  return { ...(await pushedImage(tools, image, { digest, platform })), commands };
}

function buildArguments(request: BuildRequest): readonly string[] {
  return [
    'buildx',
    'build',
    '--file',
    request.dockerfile,
    '--tag',
    formatReference(request.image),
    '--platform',
    request.platforms.join(','),
    ...(request.target === undefined ? [] : ['--target', request.target]),
    ...pairArgs('--build-arg', request.args),
    ...pairArgs('--label', request.labels),
    // It names the run, so that the digest would be another one at every run.
    '--provenance=false',
    request.push ? '--push' : '--output=type=cacheonly',
    '--progress=plain',
    request.context,
  ];
}

async function built(
  tools: BuildTools,
  program: string,
  args: readonly string[],
): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-buildx-'));
  const metadata = join(folder, 'metadata.json');
  try {
    await docker(tools, program, [...args.slice(0, -1), '--metadata-file', metadata, ...args.slice(-1)]);
    const text = await readFile(metadata, 'utf8').catch(() => '');
    return textOf(parsedRecord(text)?.['containerimage.digest']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
