import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { packedImage, type TestImage } from './test-image.ts';

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

  async add(image: TestImage): Promise<string> {
    const { manifest, config, layers } = await packedImage(image);
    for (const { digest } of layers) this.#layers.add(digest);
    for (const { digest, bytes } of [manifest, config, ...layers]) this.#blobs.set(digest, bytes);
    return manifest.digest;
  }
}
