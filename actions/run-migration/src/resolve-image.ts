import { ActionFailure } from '@fairlead/action-kit';
import { formatReference, parseReference } from '@fairlead/images';
import type { RegistryClient } from '@fairlead/registry';

/** The image by digest alone; one that is named so is not looked up. Throws when there is no such image. */
export async function resolveImage(image: string, client: Pick<RegistryClient, 'resolve'>): Promise<string> {
  const { tag, digest, ...place } = parseReference(image);
  if (digest !== undefined) return formatReference({ ...place, digest });
  const found = await client.resolve({ ...place, tag: tag ?? 'latest' });
  if (found !== undefined) return formatReference({ ...place, digest: found.digest });
  throw new ActionFailure(
    `image ${image} does not exist; build it first, or name one that was built by input "image", "images" or "tag"`,
  );
}
