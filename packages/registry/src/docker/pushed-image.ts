import { ActionFailure } from '@fairlead/action-kit';
import { formatReference, type ImageReference } from '@fairlead/images';

import type { Built, BuildTools } from '../build-request.ts';
import { sizeOf } from '../describe-image.ts';
import { parseManifestBytes } from '../manifest.ts';

/** What the registry has under the tag, which must be what the builder says it pushed: a builder may end well and have pushed nothing. */
export async function pushedImage(
  { client }: BuildTools,
  image: ImageReference,
  pushed: { readonly digest: string; readonly platform: string },
): Promise<Required<Pick<Built, 'digest' | 'platformDigest' | 'sizeBytes'>>> {
  const name = formatReference(image);
  const found = await client.manifest(image);
  if (found?.digest !== pushed.digest)
    throw new ActionFailure(
      `the builder says that it pushed ${pushed.digest}, but the registry has ${found?.digest ?? 'nothing'} as ${name}; run the job again`,
    );
  const manifest = parseManifestBytes(found.bytes, name);
  if (manifest.kind === 'image')
    return { digest: found.digest, platformDigest: found.digest, sizeBytes: sizeOf(manifest) };
  const child = manifest.manifests.find(({ platform }) => platform === pushed.platform);
  if (child === undefined)
    throw new ActionFailure(`the pushed index ${name} has no image for ${pushed.platform}`);
  const inner = await client.manifest({ ...image, digest: child.digest });
  const parsed = inner && parseManifestBytes(inner.bytes, name);
  const sizeBytes = parsed?.kind === 'image' ? sizeOf(parsed) : child.size;
  return { digest: found.digest, platformDigest: child.digest, sizeBytes };
}
