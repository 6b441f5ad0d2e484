import { digestOf } from './test-digest.ts';

const IMAGE = 'application/vnd.oci.image.manifest.v1+json';

interface PushedImage {
  readonly layers: readonly Buffer[];
  /** As in an image's configuration: `Entrypoint`, `Env`. */
  readonly config: object;
}

/** For tests: pushes an image for this machine's platform into a repository of the registry at the address; its name by digest. */
export async function pushImage(
  address: string,
  repository: string,
  { layers, config }: PushedImage,
): Promise<string> {
  const at = `http://${address}/v2/${repository}`;
  const configBytes = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => digestOf(layer)) },
    }),
  );
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: IMAGE,
    config: described(configBytes, 'application/vnd.oci.image.config.v1+json'),
    layers: layers.map((layer) => described(layer, 'application/vnd.oci.image.layer.v1.tar')),
  });
  await Promise.all([configBytes, ...layers].map((bytes) => pushBlob(at, bytes)));
  const digest = digestOf(manifest);
  const headers = { 'content-type': IMAGE };
  await accepted(fetch(`${at}/manifests/${digest}`, { method: 'PUT', headers, body: manifest }));
  return `${address}/${repository}@${digest}`;
}

function described(bytes: Buffer, mediaType: string): object {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

async function pushBlob(at: string, bytes: Buffer): Promise<void> {
  const url = `${at}/blobs/uploads/?digest=${digestOf(bytes)}`;
  await accepted(fetch(url, { method: 'POST', body: new Uint8Array(bytes) }));
}

async function accepted(asked: Promise<Response>): Promise<void> {
  const response = await asked;
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
}
