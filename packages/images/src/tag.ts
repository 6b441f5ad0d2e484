import { isTag, TAG_LIMIT } from './grammar.ts';
import { ImageError } from './image-error.ts';

/** What is built, as far as its tag goes. `sha` is a full commit ID. */
export type TagSource =
  | { readonly kind: 'branch'; readonly branch: string; readonly sha: string }
  | { readonly kind: 'pull-request'; readonly number: number }
  | { readonly kind: 'git-tag'; readonly name: string; readonly sha: string };

const SHORT = 7;

/**
 * The tag that names a build: `main-abc1234`, `hotfix-abc1234` for any branch `hotfix/…`, `pr-123`, `v1.2.3-abc1234` for a git tag. Two
 * names with one slug meet only at the same commit.
 */
export function tagFor(source: TagSource): string {
  switch (source.kind) {
    case 'branch':
      return `${branchSlug(source.branch)}-${shortSha(source.sha)}`;
    case 'pull-request':
      if (Number.isInteger(source.number) && source.number > 0) return `pr-${source.number}`;
      throw new ImageError(
        'source-invalid',
        `a pull request's number must be a whole number above 0, got ${source.number}`,
      );
    case 'git-tag':
      return `${slug(source.name)}-${shortSha(source.sha)}`;
  }
}

/** A branch's name as part of a tag. */
export function branchSlug(branch: string): string {
  return branch.startsWith('hotfix/') ? 'hotfix' : slug(branch);
}

/** Lower case, runs of what no tag can have as one "-", short enough for a commit after it. */
function slug(name: string): string {
  const letters = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, TAG_LIMIT - SHORT - 1)
    .replace(/[^a-z0-9]+$/, '');
  return letters === '' ? 'commit' : letters;
}

/** The text when it is a tag; throws an ImageError otherwise. */
export function checkTag(text: string): string {
  if (isTag(text)) return text;
  const shown = text.length > 140 ? `${text.slice(0, 140)}…` : text;
  throw new ImageError(
    'tag-invalid',
    `"${shown}" is no image tag: expected 1 to ${TAG_LIMIT} letters, digits, ".", "_" or "-", not beginning with "." or "-"`,
  );
}

function shortSha(sha: string): string {
  if (/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(sha)) return sha.slice(0, SHORT);
  throw new ImageError('source-invalid', `expected a full commit ID of 40 hex digits, got "${sha}"`);
}
