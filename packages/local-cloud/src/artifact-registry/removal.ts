import { CloudError } from '../control/cloud-error.ts';
import type { Registry } from '../registry/index.ts';
import { findVersion, packagesIn, parentsOf, tagsOf, type Version, knownVersions } from './catalog.ts';
import type { PackagePlace, RepositoryPlace } from './package-name.ts';

/**
 * Removes a version with its tags; refused while a tag stands for it, unless forced and the tags may go, and while an index holds it, always.
 */
export async function removeVersion(
  { store, policy, inTurn }: Registry,
  { place, digest }: Pick<Version, 'place' | 'digest'>,
  { isForced }: { readonly isForced: boolean },
): Promise<void> {
  await inTurn(place.image, async () => {
    const version = await findVersion(store, place, digest);
    if (version.tags.length > 0 && policy.hasImmutableTags(place.image))
      throw refused(
        `cannot delete version ${digest}, which tag ${version.tags.join(', ')} points at. The repository has enabled tag immutability`,
      );
    if (version.tags.length > 0 && !isForced)
      throw refused(
        `Version ${digest} is referenced by tag ${version.tags.join(', ')}; delete its tags first or set force`,
      );
    const parents = await parentsOf(store, version);
    if (parents.length > 0)
      throw refused(`Manifest is still referenced by one or more parent images: ${parents.join(', ')}`);
    await Promise.all(version.tags.map((tag) => store.removeTag(place.image, tag)));
    await store.removeManifest(place.image, digest);
  });
}

/** Removes all versions and tags of a package, unless the tags must stay. Throws NOT_FOUND when there is none. */
export async function removePackage(registry: Registry, place: PackagePlace): Promise<void> {
  const tags = await tagsOf(registry.store, place);
  if (tags.size > 0 && registry.policy.hasImmutableTags(place.image))
    throw refused(
      `cannot delete package ${place.packageName}, which has tags. The repository has enabled tag immutability`,
    );
  await emptyPackage(registry, place);
}

async function emptyPackage({ store, inTurn }: Registry, place: PackagePlace): Promise<void> {
  await inTurn(place.image, async () => {
    const versions = await knownVersions(store, place);
    const tags = await tagsOf(store, place);
    await Promise.all([...tags.keys()].map((tag) => store.removeTag(place.image, tag)));
    await Promise.all(versions.map(({ digest }) => store.removeManifest(place.image, digest)));
  });
}

/** As a repository goes with all that is in it, whatever its tags. */
export async function removePackages(registry: Registry, repository: RepositoryPlace): Promise<void> {
  const packages = await packagesIn(registry.store, repository);
  await Promise.all(packages.map((place) => emptyPackage(registry, place)));
}

function refused(message: string): CloudError {
  return new CloudError('FAILED_PRECONDITION', message);
}
