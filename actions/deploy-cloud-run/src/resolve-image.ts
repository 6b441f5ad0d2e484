import { ActionFailure } from '@fairlead/action-kit';
import { formatReference, parseReference } from '@fairlead/images';
import type { RegistryClient } from '@fairlead/registry';

/** The image by digest; one that is named so already is not looked up. Throws when the tag does not exist. */
export async function resolveImage(
  image: string,
  registries: Pick<RegistryClient, 'resolve'>,
): Promise<string> {
  const { registry, repository, tag = 'latest', digest } = parseReference(image);
  if (digest !== undefined) return formatReference({ registry, repository, digest });
  const found = await registries.resolve({ registry, repository, tag });
  if (found === undefined)
    throw new ActionFailure(
      `image ${image} does not exist; build it first, or name a version that was built by input "tag"`,
    );
  return formatReference({ registry, repository, digest: found.digest });
}
