import { isTag, TAG_LIMIT } from './grammar.ts';
import { ImageError } from './image-error.ts';

/** What is built, as far as its tag goes. `sha` is a full commit ID. */
export type TagSource =
  | { readonly kind: 'branch'; readonly branch: string; readonly sha: string }
  | { readonly kind: 'pull-request'; readonly number: number }
  | { readonly kind: 'git-tag'; readonly name: string };

const SHORT = 7;

/**
 * The tag that names a build: `main-abc1234`, `hotfix-abc1234` for any branch `hotfix/…`, `pr-123`, or a git tag's own name. Two
 * branches with one slug meet only at the same commit.
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
      return checkTag(source.name);
  }
}

/** A branch's name as part of a tag: lower case, runs of other characters as one "-", short enough for a commit after it. */
export function branchSlug(branch: string): string {
  if (branch.startsWith('hotfix/')) return 'hotfix';
  const slug = branch
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, TAG_LIMIT - SHORT - 1)
    .replace(/-$/, '');
  return slug === '' ? 'branch' : slug;
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
