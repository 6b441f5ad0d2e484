/** What is known before a build about the tag that the build would have. */
export interface TagFacts {
  readonly tag: string;
  /** Full ID of the commit that would be built; absent where none is known. */
  readonly commit?: string;
  /** What the tag names now, and the commit that image says it was built from. */
  readonly found?: { readonly digest: string; readonly revision?: string };
}

export type TagPlan =
  | { readonly kind: 'build' }
  | { readonly kind: 'reuse'; readonly digest: string }
  | { readonly kind: 'refuse'; readonly because: string };

/**
 * Whether to build. An image of this very commit is used again; a tag that names another one is never moved (BP-04). An image that does not
 * say its commit counts as of this one when the tag ends with it.
 */
export function planTag({ tag, commit, found }: TagFacts): TagPlan {
  if (found === undefined) return { kind: 'build' };
  const { digest, revision } = found;
  const isSame = revision === undefined ? isNamedFor(tag, commit) : revision === commit;
  if (isSame) return { kind: 'reuse', digest };
  const from = revision === undefined ? 'which does not say its commit' : `built from commit ${revision}`;
  return {
    kind: 'refuse',
    because: `tag ${tag} names ${digest} already, ${from}, and is not moved to commit ${commit ?? 'unknown'}; choose another tag, or delete this one`,
  };
}

function isNamedFor(tag: string, commit: string | undefined): boolean {
  return commit !== undefined && tag.endsWith(`-${commit.slice(0, 7)}`);
}
