import type { Route } from '../http/route.ts';
import { okReply } from '../messages/index.ts';
import type { ArtifactRegistry } from './artifact-registry.ts';
import { packagesIn, parentsOf, type Version, versionsOf } from './catalog.ts';
import { type CleanupPolicy, readPolicies } from './cleanup-policy.ts';
import { expiredVersions } from './expired.ts';
import { type PackagePlace, repositoryPlace } from './package-name.ts';
import { removeVersion } from './removal.ts';
import type { RepositoryRecord } from './repositories.ts';

/** What a clean-up has done to a repository, or would have done in a dry run. */
export interface CleanedUp {
  readonly name: string;
  readonly dryRun: boolean;
  /** Full names. */
  readonly versions: readonly string[];
}

/** `POST /-/cleanup`: what the real service does about once a day. */
export function cleanUpRoute(artifacts: ArtifactRegistry): Route {
  return {
    method: 'POST',
    pattern: /^\/-\/cleanup$/,
    handle: async () => {
      const repositories: CleanedUp[] = [];
      for (const [name, record] of artifacts.repositories.made())
        repositories.push(await cleanUp(artifacts, name, record));
      return okReply({ repositories });
    },
  };
}

async function cleanUp(
  artifacts: ArtifactRegistry,
  name: string,
  record: RepositoryRecord,
): Promise<CleanedUp> {
  const { cleanupPolicies, cleanupPolicyDryRun } = record.settings;
  const policies = readPolicies(cleanupPolicies);
  const dryRun = cleanupPolicyDryRun === true;
  const places = await packagesIn(artifacts.registry.store, repositoryPlace(name));
  const versions: string[] = [];
  for (const place of places) {
    const expired = await removableIn(artifacts, place, policies);
    for (const version of expired) {
      if (!dryRun) await removeVersion(artifacts.registry, version, { isForced: true });
      versions.push(`${place.packageName}/versions/${version.digest}`);
    }
  }
  return { name, dryRun, versions };
}

/** What can go, indexes before their images: an image stays while an index that stays holds it, and a tagged one where tags are immutable. */
async function removableIn(
  { registry, clock }: ArtifactRegistry,
  place: PackagePlace,
  policies: readonly CleanupPolicy[],
): Promise<readonly Version[]> {
  const { store } = registry;
  const all = await versionsOf(store, place);
  const short = place.image.slice(place.path.length + 1);
  const immutable = registry.policy.hasImmutableTags(place.image);
  const expired = expiredVersions({ short, versions: all }, policies, clock.now()).filter(
    ({ tags }) => !immutable || tags.length === 0,
  );
  const holders = new Map(
    await Promise.all(expired.map(async (version) => [version, await parentsOf(store, version)] as const)),
  );
  const gone = new Set<string>();
  const ordered: Version[] = [];
  for (let before = -1; before < ordered.length;) {
    before = ordered.length;
    for (const version of expired) {
      if (gone.has(version.digest) || holders.get(version)?.some((parent) => !gone.has(parent)) === true)
        continue;
      gone.add(version.digest);
      ordered.push(version);
    }
  }
  return ordered;
}
