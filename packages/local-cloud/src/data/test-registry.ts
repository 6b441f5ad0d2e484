import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { type Header, pack } from 'tar-stream';

/** A file of a layer: its content, or what else it is. */
export type LayerFile = string | Partial<Header>;

export interface TestImage {
  readonly layers: readonly Readonly<Record<string, LayerFile>>[];
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
  /** Answers this for what was stored under the digest. */
  readonly corrupt: (digest: string, bytes: Buffer) => void;
}

export async function testRegistry(): Promise<TestRegistry> {
  const stored = new Map<string, Buffer>();
  let reads = 0;
  const put = (bytes: Buffer) => {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    stored.set(digest, bytes);
    return digest;
  };
  const server = createServer((request, response) => {
    const digest = request.url?.split('/').at(-1) ?? '';
    if (request.url?.includes('/blobs/') === true) reads += 1;
    const bytes = stored.get(digest);
    response.statusCode = bytes === undefined ? 404 : 200;
    response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    blobReads: () => reads,
    corrupt: (digest, bytes) => stored.set(digest, bytes),
    add: async (name, image) => {
      const layers = await Promise.all(image.layers.map(layerBytes));
      const manifest = {
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: { digest: put(Buffer.from(JSON.stringify({ config: image.config ?? {} }))) },
        layers: layers.map((bytes) => ({
          mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
          digest: put(bytes),
          size: bytes.length,
        })),
      };
      return `${address}/${name}@${put(Buffer.from(JSON.stringify(manifest)))}`;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function layerBytes(files: Readonly<Record<string, LayerFile>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, file] of Object.entries(files)) {
    if (typeof file === 'string') tar.entry({ name, mode: 0o755 }, file);
    else tar.entry({ ...file, name }).end(undefined);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}
