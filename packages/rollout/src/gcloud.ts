import { type Share, sharesOf, type Tag } from './traffic.ts';

export interface GcloudTarget {
  readonly project: string;
  readonly region: string;
  readonly service: string;
}

/** The gcloud command that gives a service these shares by hand, and takes these tags away. */
export function gcloudShift(
  target: GcloudTarget,
  shares: readonly Share[],
  dropped: readonly Pick<Tag, 'tag'>[] = [],
): string {
  const split = sharesOf(new Map(shares.map(({ revision, percent }) => [revision, percent])))
    .map(({ revision, percent }) => `${revision}=${percent}`)
    .join(',');
  return command([
    'run',
    'services',
    'update-traffic',
    target.service,
    ...where(target),
    '--to-revisions',
    split,
    ...(dropped.length === 0 ? [] : ['--remove-tags', dropped.map(({ tag }) => tag).join(',')]),
  ]);
}

/** A gcloud command of these words, quoted for a POSIX shell where a word needs it. */
export function command(words: readonly string[]): string {
  return ['gcloud', ...words].map(quoted).join(' ');
}

/** The flags that say where a service is. */
export function where({ project, region }: GcloudTarget): readonly string[] {
  return ['--project', project, '--region', region];
}

function quoted(word: string): string {
  return /^[\w@%+=:,./^-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
