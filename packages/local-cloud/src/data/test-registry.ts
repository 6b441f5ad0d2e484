import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { type Header, pack } from 'tar-stream';

/** A file of a layer: its content, or what else it is. */
type LayerFile = string | Buffer | Partial<Header>;
export type LayerFiles = Readonly<Record<string, LayerFile>>;

interface TestImage {
  /** Lowest first; a layer that is bytes already is a tar. */
  readonly layers: readonly (LayerFiles | Buffer)[];
  readonly config?: {
    readonly Env?: readonly string[];
    readonly Entrypoint?: readonly string[];
    readonly Cmd?: readonly string[];
    readonly WorkingDir?: string;
  };
}

/** Answers pulls of images that are made from plain values; the tests' own, as small as a registry can be. */
export interface TestRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** Stores the image and returns its name by digest. */
  readonly add: (name: string, image: TestImage) => Promise<string>;
  /** Blobs asked for so far. */
  readonly blobReads: () => number;
  /** From now on every layer is answered with one byte too many. */
  readonly corruptLayers: () => void;
}

const layerType = 'application/vnd.oci.image.layer.v1.tar';
const unknownManifest = JSON.stringify({
  errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }],
});
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

export async function testRegistry(): Promise<TestRegistry> {
  const store = new Store();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const digest = path.split('/').at(-1) ?? '';
    const bytes = path === '/v2/' ? Buffer.from('{}') : store.read(digest);
    response.statusCode = bytes === undefined ? 404 : 200;
    if (path.includes('/blobs/')) store.reads += 1;
    if (path.includes('/manifests/')) response.setHeader('Content-Type', manifestType);
    if (bytes !== undefined)
      response.setHeader('Docker-Content-Digest', digest).setHeader('Content-Length', bytes.length);
    response.end(request.method === 'HEAD' ? undefined : (bytes ?? unknownManifest));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    blobReads: () => store.reads,
    corruptLayers: () => {
      store.isCorrupt = true;
    },
    add: async (name, image) => `${address}/${name}@${await store.add(image)}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Store {
  readonly #blobs = new Map<string, Buffer>();
  readonly #layers = new Set<string>();
  reads = 0;
  isCorrupt = false;

  read(digest: string): Buffer | undefined {
    const bytes = this.#blobs.get(digest);
    return bytes !== undefined && this.isCorrupt && this.#layers.has(digest)
      ? Buffer.concat([bytes, Buffer.alloc(1)])
      : bytes;
  }

  async add({ layers, config = {} }: TestImage): Promise<string> {
    const tars = await Promise.all(layers.map(tarOf));
    const described = tars.map((tar) => this.#addLayer(tar));
    const rootfs = { type: 'layers', diff_ids: tars.map(digestOf) };
    const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
    const stored = this.#put(Buffer.from(JSON.stringify({ architecture, os: 'linux', config, rootfs })));
    const manifest = {
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...stored },
      layers: described,
    };
    return this.#put(Buffer.from(JSON.stringify(manifest))).digest;
  }

  // A large layer goes uncompressed: compressing it would take longer than all else.
  #addLayer(tar: Buffer) {
    const isLarge = tar.length > 2 ** 20;
    const stored = this.#put(isLarge ? tar : gzipSync(tar));
    this.#layers.add(stored.digest);
    return { mediaType: isLarge ? layerType : `${layerType}+gzip`, ...stored };
  }

  #put(bytes: Buffer) {
    const digest = digestOf(bytes);
    this.#blobs.set(digest, bytes);
    return { digest, size: bytes.length };
  }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
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
