import type { Version } from './catalog.ts';
import type { CleanupPolicy, VersionCondition } from './cleanup-policy.ts';

type Candidate = Pick<Version, 'digest' | 'tags' | 'uploadedMs'>;

/** One package: its short name and its versions, newest first. */
export interface PackageVersions<V extends Candidate> {
  readonly short: string;
  readonly versions: readonly V[];
}

/** The versions that the policies delete: those of a delete policy that no keep policy keeps. */
export function expiredVersions<V extends Candidate>(
  { short, versions }: PackageVersions<V>,
  policies: readonly CleanupPolicy[],
  nowMs: number,
): readonly V[] {
  const meets = (version: V, when: VersionCondition) =>
    fits(when, { short, version, ageMs: nowMs - version.uploadedMs });
  return versions.filter((version, index) => {
    const isDeleted = policies.some((policy) => policy.kind === 'delete' && meets(version, policy.when));
    return isDeleted && !policies.some((policy) => keeps(policy, version, index));
  });

  function keeps(policy: CleanupPolicy, version: V, index: number): boolean {
    switch (policy.kind) {
      case 'delete':
        return false;
      case 'keep':
        return meets(version, policy.when);
      case 'keep-newest':
        return index < policy.count && beginsWithOne(short, policy.packagePrefixes);
    }
  }
}

function fits(
  { tagState, tagPrefixes, versionPrefixes, packagePrefixes, olderThanMs, newerThanMs }: VersionCondition,
  { short, version, ageMs }: { readonly short: string; readonly version: Candidate; readonly ageMs: number },
): boolean {
  const isTagged = version.tags.length > 0;
  return (
    (tagState === 'ANY' || isTagged === (tagState === 'TAGGED')) &&
    (tagPrefixes.length === 0 || version.tags.some((tag) => beginsWithOne(tag, tagPrefixes))) &&
    beginsWithOne(version.digest, versionPrefixes) &&
    beginsWithOne(short, packagePrefixes) &&
    (olderThanMs === undefined || ageMs > olderThanMs) &&
    (newerThanMs === undefined || ageMs < newerThanMs)
  );
}

/** No prefix stands for any. */
function beginsWithOne(text: string, prefixes: readonly string[]): boolean {
  return prefixes.length === 0 || prefixes.some((prefix) => text.startsWith(prefix));
}
