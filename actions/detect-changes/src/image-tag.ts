/** What a run is about, as far as the tag of its images says it. */
export interface TaggedRun {
  /** `refs/heads/…`, `refs/tags/…` or `refs/pull/…`. */
  readonly ref: string;
  /** Full ID of the commit. */
  readonly commit: string;
  readonly pullRequest?: number | undefined;
}

/** `main-1a2b3c4`; `hotfix-1a2b3c4` for any branch below `hotfix/`; `pr-7` on a pull request. */
export function imageTag({ ref, commit, pullRequest }: TaggedRun): string {
  if (pullRequest !== undefined) return `pr-${pullRequest}`;
  const branch = ref.replace(/^refs\/(?:heads|tags)\//, '').replace(/^hotfix\/.*$/s, 'hotfix');
  return `${slug(branch)}-${commit.slice(0, 7)}`;
}

// A tag of an image has at most 128 characters, and begins with a letter, a digit or an underscore.
function slug(branch: string): string {
  const letters = branch
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 100);
  return letters === '' ? 'commit' : letters;
}
