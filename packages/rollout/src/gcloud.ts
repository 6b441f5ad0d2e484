import { type Share, sharesOf } from './traffic.ts';

export interface GcloudTarget {
  readonly project: string;
  readonly region: string;
  readonly service: string;
}

/** The gcloud command that gives a service these shares by hand. */
export function gcloudShift(target: GcloudTarget, shares: readonly Share[]): string {
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
