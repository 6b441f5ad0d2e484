import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { type Header, pack } from 'tar-stream';

/** A file of a layer: its content, or what else it is. */
type LayerFile = string | Buffer | Partial<Header>;
export type LayerFiles = Readonly<Record<string, LayerFile>>;

export interface TestImage {
  /** Lowest first; a layer that is bytes already is a tar. */
  readonly layers: readonly (LayerFiles | Buffer)[];
  readonly config?: {
    readonly Env?: readonly string[];
    readonly Entrypoint?: readonly string[];
    readonly Cmd?: readonly string[];
    readonly WorkingDir?: string;
  };
}

/** For tests: an image as a registry keeps it. */
export interface PackedImage {
  readonly manifest: Stored;
  readonly config: Stored;
  readonly layers: readonly Stored[];
}

interface Stored {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Buffer;
}

const IMAGE = 'application/vnd.oci.image';

/** Packs an image for this machine's platform. */
export async function packedImage({ layers, config = {} }: TestImage): Promise<PackedImage> {
  const tars = await Promise.all(layers.map(tarOf));
  const rootfs = { type: 'layers', diff_ids: tars.map((tar) => digestOf(tar)) };
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const packed = {
    config: asJson(`${IMAGE}.config.v1+json`, { architecture, os: 'linux', config, rootfs }),
    layers: tars.map(layerOf),
  };
  const manifest = asJson(`${IMAGE}.manifest.v1+json`, {
    schemaVersion: 2,
    mediaType: `${IMAGE}.manifest.v1+json`,
    config: described(packed.config),
    layers: packed.layers.map(described),
  });
  return { manifest, ...packed };
}

// A large layer goes uncompressed: compressing it would take longer than all else.
function layerOf(tar: Buffer): Stored {
  const isLarge = tar.length > 2 ** 20;
  return stored(`${IMAGE}.layer.v1.tar${isLarge ? '' : '+gzip'}`, isLarge ? tar : gzipSync(tar));
}

function asJson(mediaType: string, value: object): Stored {
  return stored(mediaType, Buffer.from(JSON.stringify(value)));
}

function stored(mediaType: string, bytes: Buffer): Stored {
  return { mediaType, digest: digestOf(bytes), bytes };
}

function described({ mediaType, digest, bytes }: Stored): object {
  return { mediaType, digest, size: bytes.length };
}

/** For tests: the digest of content, as registries write it. */
export function digestOf(content: string | Buffer, algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(content).digest('hex')}`;
}

export async function tarOf(files: LayerFiles | Buffer): Promise<Buffer> {
  if (Buffer.isBuffer(files)) return files;
  const tar = pack();
  for (const [name, file] of Object.entries(files)) {
    if (typeof file === 'string' || Buffer.isBuffer(file)) tar.entry({ name, mode: 0o755 }, file);
    else tar.entry({ ...file, name }).end(undefined);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
