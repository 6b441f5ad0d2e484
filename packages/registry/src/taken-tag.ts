import { ActionFailure } from '@fairlead/action-kit';
import { formatReference, type ImageReference } from '@fairlead/images';

import type { RegistryClient } from './registry-client.ts';

/** Throws when the tag names another image already: a tag is never moved (BP-04). Without a digest any image is another one. */
export async function refuseTakenTag(
  client: RegistryClient,
  image: ImageReference,
  digest?: string,
): Promise<void> {
  const found = await client.resolve(image);
  if (found === undefined || found.digest === digest) return;
  throw new ActionFailure(
    `tag ${image.tag ?? 'latest'} names ${found.digest} already, and is not moved${digest === undefined ? '' : ` to ${digest}`}; push a new commit, or delete ${formatReference(image)}`,
  );
}
