import { packedImage, type TestImage } from '../data/test-image.ts';

/** For tests: pushes an image into a repository of the registry at the address; its name by digest. */
export async function pushImage(address: string, repository: string, image: TestImage): Promise<string> {
  const at = `http://${address}/v2/${repository}`;
  const { manifest, config, layers } = await packedImage(image);
  const pushed = [config, ...layers].map(({ digest, bytes }) =>
    accepted(`${at}/blobs/uploads/?digest=${digest}`, { method: 'POST', body: new Uint8Array(bytes) }),
  );
  await Promise.all(pushed);
  await accepted(`${at}/manifests/${manifest.digest}`, {
    method: 'PUT',
    headers: { 'content-type': manifest.mediaType },
    body: new Uint8Array(manifest.bytes),
  });
  return `${address}/${repository}@${manifest.digest}`;
}

async function accepted(url: string, request: RequestInit): Promise<void> {
  const response = await fetch(url, request);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
