import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ActionFailure } from '@fairlead/action-kit';
import { contentKey } from '@fairlead/images';
import type { Pack } from '@fairlead/manifest';

import type { BuildRequest, BuildTools, Built } from '../build-request.ts';
import { credentialFiles } from '../credential-files.ts';
import { digestOf } from '../digest.ts';
import { OCI_CONFIG, OCI_IMAGE, OCI_LAYER } from '../manifest.ts';
import { refuseTakenTag } from '../taken-tag.ts';
import { type BaseImage, readBase } from './base-image.ts';
import { copyLayers, ociType } from './copy-layers.ts';
import { dockerEquivalent } from './docker-equivalent.ts';
import { imageConfig } from './image-config.ts';
import { listFiles } from './list-files.ts';
import type { PackEntry } from './pack-entry.ts';
import { prepare } from './prepare.ts';
import { type Layer, writeLayer } from './write-layer.ts';

/** The label by which an image says what it was made of; the same content has the same key at every commit. */
const CONTENT_KEY = 'fairlead.dev/content-key';

/**
 * Builds an image without an engine: the named files become one layer on the base. The same files, settings and labels have the same
 * digest on every machine. All that can be wrong is found before the first write to the registry.
 */
export async function packImage(tools: BuildTools, request: BuildRequest): Promise<Built> {
  const { pack, platform } = settingsOf(request);
  const base = await readBase(tools.client, pack.base, platform);
  await prepare(tools, request, pack);
  const entries = await listFiles(request.context, pack.files);
  await refuseCredentials(request.context, entries);
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-pack-'));
  try {
    const file = join(folder, 'layer.tar.gz');
    const epoch = epochOf(tools.env['SOURCE_DATE_EPOCH']);
    const layer = await writeLayer(file, { context: request.context, entries, workdir: pack.workdir, epoch });
    tools.log.info(`Packed ${entries.length} files and folders into a layer of ${layer.size} bytes.`);
    const assembled = assemble(request, { base, pack, platform, layer, epoch });
    if (request.push) await push(tools, request, { ...assembled, base, layer, file, folder });
    return {
      digest: assembled.digest,
      platformDigest: assembled.digest,
      sizeBytes: assembled.sizeBytes,
      commands: dockerEquivalent(request, pack),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function settingsOf({ pack, platforms }: BuildRequest): { readonly pack: Pack; readonly platform: string } {
  const [platform = 'linux/amd64', ...more] = platforms;
  if (pack === undefined) throw new ActionFailure('builder "pack" needs "pack" settings, found none');
  if (more.length > 0)
    throw new ActionFailure(
      `builder "pack" builds for one platform, got ${platforms.join(', ')}; use buildx`,
    );
  if (!pack.workdir.startsWith('/'))
    throw new ActionFailure(`"workdir" below "pack" must be an absolute folder, got "${pack.workdir}"`);
  return { pack, platform };
}

async function refuseCredentials(context: string, entries: readonly PackEntry[]): Promise<void> {
  const paths = entries.filter(({ kind }) => kind === 'file').map(({ path }) => path);
  const found = await credentialFiles(context, paths);
  if (found.length === 0) return;
  const named = found
    .slice(0, 5)
    .map((path) => `"${path}"`)
    .join(', ');
  throw new ActionFailure(
    `credentials must not be in an image, found ${named}; leave them out with "!${found[0] ?? ''}" in the files of "pack"`,
  );
}

/** Seconds of `SOURCE_DATE_EPOCH`, 0 unless it is set. */
function epochOf(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new ActionFailure(`SOURCE_DATE_EPOCH must be whole seconds since 1970, got "${text}"`);
}

interface Parts {
  readonly base: BaseImage;
  readonly pack: Pack;
  readonly platform: string;
  readonly layer: Layer;
  readonly epoch: number;
}

interface Assembled {
  readonly config: { readonly bytes: Buffer; readonly digest: string };
  readonly manifest: Buffer;
  readonly digest: string;
  readonly sizeBytes: number;
}

function assemble(request: BuildRequest, { base, pack, platform, layer, epoch }: Parts): Assembled {
  const { workdir, command, env, user } = pack;
  const key = contentKey({
    platform,
    layer: layer.diffId,
    workdir,
    command,
    env,
    ...(base.source && { base: base.source.digest }),
    ...(user === undefined ? {} : { user }),
  });
  const labels = { ...request.labels, [CONTENT_KEY]: key };
  const config = Buffer.from(
    JSON.stringify(imageConfig({ base, pack, diffId: layer.diffId, labels, epoch })),
  );
  const configDigest = digestOf(config);
  const layers = [
    ...base.layers.map(({ mediaType, digest, size }) => ({ mediaType: ociType(mediaType), digest, size })),
    { mediaType: `${OCI_LAYER}+gzip`, digest: layer.digest, size: layer.size },
  ];
  const described = { mediaType: OCI_CONFIG, digest: configDigest, size: config.length };
  const manifest = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: OCI_IMAGE, config: described, layers }),
  );
  const sizeBytes = layers.reduce((sum, { size }) => sum + size, config.length);
  return { config: { bytes: config, digest: configDigest }, manifest, digest: digestOf(manifest), sizeBytes };
}

interface Pushing extends Assembled {
  readonly base: BaseImage;
  readonly layer: Layer;
  readonly file: string;
  readonly folder: string;
}

/** The manifest last: a tag never names an image that is not whole. */
async function push({ client, log }: BuildTools, { image }: BuildRequest, pushing: Pushing): Promise<void> {
  const { base, layer, config, manifest, digest, file, folder } = pushing;
  await refuseTakenTag(client, image, digest);
  await Promise.all([
    copyLayers(client, { base, to: image, folder }),
    client.pushBlob(image, { digest: layer.digest, file }),
    client.pushBlob(image, config),
  ]);
  await client.putManifest(image, { mediaType: OCI_IMAGE, bytes: manifest });
  log.info(`Pushed ${digest} as tag ${image.tag}.`);
}
