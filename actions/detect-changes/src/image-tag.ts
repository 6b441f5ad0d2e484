import { tagFor } from '@fairlead/images';

/** What a run is about, as far as the tag of its images says it. */
export interface TaggedRun {
  /** `refs/heads/…`, `refs/tags/…` or `refs/pull/…`. */
  readonly ref: string;
  /** Full ID of the commit. */
  readonly commit: string;
  readonly pullRequest?: number | undefined;
}

/** The tag of a run's images, by the rule that build-push has too. */
export function imageTag({ ref, commit, pullRequest }: TaggedRun): string {
  if (pullRequest !== undefined) return tagFor({ kind: 'pull-request', number: pullRequest });
  if (ref.startsWith('refs/tags/'))
    return tagFor({ kind: 'git-tag', name: ref.slice('refs/tags/'.length), sha: commit });
  return tagFor({ kind: 'branch', branch: ref.replace(/^refs\/heads\//, ''), sha: commit });
}
