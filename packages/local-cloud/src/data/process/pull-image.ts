import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import { messageOf } from '@fairlead/action-kit';

import { StartFailure } from '../containers/engine.ts';
import { readImageReference } from './image-reference.ts';

/** An image as its registry describes it; the layers are read when they are asked for. */
export interface RegistryImage {
  /** Of the manifest for this platform. */
  readonly digest: string;
  readonly config: ImageConfig;
  readonly layers: readonly LayerDescriptor[];
  /** The bytes of a layer as they are stored; reading ends with an error when they do not have the digest. */
  readonly open: (layer: LayerDescriptor) => Promise<Readable>;
}

interface LayerDescriptor {
  readonly mediaType: string;
  readonly digest: string;
}

export interface ImageConfig {
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly workingDir: string;
}

/**
 * Reads an image's manifest and configuration over the OCI distribution API, plain HTTP on loopback addresses and HTTPS elsewhere, without credentials:
 * made for the local cloud's own registry. Throws {@link StartFailure} in Cloud Run's words.
 */
export async function readImage(image: string): Promise<RegistryImage> {
  const named = readImageReference(image);
  if (named === undefined)
    throw importFailed(`'${image}' is not of the form [hostname/]repo-path[:tag and/or @digest]`);
  const base = `${schemeOf(named.registry)}://${named.registry}/v2/${named.repository}`;
  try {
    const manifest = await manifestOf(base, named.reference, image);
    const config = parseConfig(JSON.parse(await textOf(`${base}/blobs/${manifest.config.digest}`, image)));
    return {
      digest: manifest.digest,
      config,
      layers: manifest.layers,
      open: (layer) => openBlob(`${base}/blobs/${layer.digest}`, layer.digest, image),
    };
  } catch (thrown) {
    if (thrown instanceof StartFailure) throw thrown;
    throw importFailed(`${named.registry}: ${messageOf(thrown)}`, thrown);
  }
}

function importFailed(because: string, cause?: unknown): StartFailure {
  return new StartFailure('CONTAINER_MISSING', `Container import failed: ${because}`, { cause });
}

function schemeOf(registry: string): string {
  return /^(127(\.\d+){3}|localhost|\[::1\])(:\d+)?$/.test(registry) ? 'http' : 'https';
}

interface Manifest {
  readonly digest: string;
  readonly config: { readonly digest: string };
  readonly layers: readonly LayerDescriptor[];
}

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

async function manifestOf(base: string, reference: string, image: string): Promise<Manifest> {
  const text = await textOf(`${base}/manifests/${reference}`, image, { Accept: manifestTypes });
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  if (reference.startsWith('sha256:') && reference !== digest) {
    throw importFailed(`manifest of '${image}' has digest ${digest}, expected ${reference}`);
  }
  const parsed = JSON.parse(text) as Partial<Manifest> & {
    readonly manifests?: readonly IndexEntry[];
    readonly mediaType?: string;
  };
  if (parsed.manifests !== undefined)
    return manifestOf(base, platformOf(parsed.manifests, image, parsed.mediaType), image);
  if (parsed.config === undefined || parsed.layers === undefined) {
    throw importFailed(`manifest of '${image}' has no config or no layers`);
  }
  return { digest, config: parsed.config, layers: parsed.layers };
}

interface IndexEntry {
  readonly digest: string;
  readonly platform?: { readonly os: string; readonly architecture: string };
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

function platformOf(manifests: readonly IndexEntry[], image: string, mediaType = 'an image index'): string {
  const wanted = architectures[process.arch] ?? process.arch;
  const found =
    manifests.find(({ platform }) => platform?.os === 'linux' && platform.architecture === wanted) ??
    manifests.find(({ platform }) => platform === undefined);
  if (found !== undefined) return found.digest;
  throw new StartFailure(
    'CONTAINER_MISSING',
    `Cloud Run does not support image '${image}': Container manifest type '${mediaType}' must support ${wanted}/linux.`,
  );
}

async function textOf(url: string, image: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await get(url, image, headers);
  return response.text();
}

async function get(url: string, image: string, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(url, { headers });
  if (response.ok) return response;
  await response.body?.cancel();
  if (response.status === 404) throw new StartFailure('CONTAINER_MISSING', `Image '${image}' not found.`);
  throw importFailed(`GET ${url} answered ${response.status}`);
}

async function openBlob(url: string, digest: string, image: string): Promise<Readable> {
  const response = await get(url, image);
  if (response.body === null) throw importFailed(`GET ${url} answered without a body`);
  return Readable.from(checked(response.body, digest), { objectMode: false });
}

async function* checked(body: AsyncIterable<Uint8Array>, digest: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of body) {
    hash.update(chunk);
    yield chunk;
  }
  const found = `sha256:${hash.digest('hex')}`;
  if (found !== digest) throw importFailed(`a layer has digest ${found}, expected ${digest}`);
}

function parseConfig(parsed: unknown): ImageConfig {
  const { config = {} } = parsed as {
    config?: { Env?: string[]; Entrypoint?: string[]; Cmd?: string[]; WorkingDir?: string };
  };
  return {
    env: config.Env ?? [],
    entrypoint: config.Entrypoint ?? [],
    command: config.Cmd ?? [],
    workingDir: config.WorkingDir ?? '',
  };
}
