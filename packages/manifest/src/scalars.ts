import * as z from 'zod';

import { BRANCH_PATTERN } from './branch-pattern.ts';
import { DURATION, durationMs } from './duration.ts';
import { shown } from './finding.ts';

/** Text of a form, said in words when it is another: `must be a name of lower-case letters, …, got "Habits"`. */
function form(pattern: RegExp, expected: string) {
  const said = ({ input }: { readonly input?: unknown }) =>
    input === undefined ? `is required and must be ${expected}` : `must be ${expected}, got ${shown(input)}`;
  return z.string({ error: said }).regex(pattern, { error: said });
}

export const text = z.string().min(1, { error: 'must not be empty' });
export const name = form(
  /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  'a name of lower-case letters, digits and dashes that begins with a letter and ends without a dash',
).max(49, { error: (issue) => `must have at most 49 characters, got ${shown(issue.input)}` });
export const project = form(/^[a-z][-a-z0-9.:]*[a-z0-9]$/, 'a project ID such as "acme-production"');
export const region = form(/^[a-z][-a-z0-9]*[0-9]$/, 'a region such as "us-central1"');
export const registry = form(
  /^[a-z0-9][a-z0-9.-]*(:\d{1,5})?(\/[a-z0-9][a-z0-9._-]*)*$/,
  'an image prefix such as "us-central1-docker.pkg.dev/acme/services", without a scheme, a tag or a slash at the end',
);
export const bucket = form(
  /^[a-z0-9][-a-z0-9._]{1,220}[a-z0-9]$/,
  'the name of a bucket alone, such as "acme-supergraphs"',
);
export const suffix = form(/^(-[a-z0-9]+)*$/, 'a dash and lower-case letters or digits, such as "-auto"');
export const imageName = form(
  /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/,
  'the last part of an image name, such as "habits"',
);
export const branch = form(
  BRANCH_PATTERN,
  'a branch or tag name without "refs/", in which * stands for anything but a slash and ** for anything',
);
export const path = form(
  /^(?!!?\/)(?!!?\.\/)(?!.*(?:^|[/!])\.\.(?:\/|$))[^\\\r\n]+$/,
  'a path or glob below the repository\'s root, without a slash or "./" at the beginning and without ".."',
);
export const secret = form(
  /^[A-Za-z0-9_-]{1,255}:(?:latest|[1-9]\d*)$/,
  'a secret and its version, such as "database-url:latest" or "database-url:3"',
);
export const variable = form(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable');
export const absolute = form(/^\/(?!\/)[^\r\n]*$/, 'an absolute path that begins with one slash');
export const duration = form(DURATION, 'a duration such as "10s", "5m" or "1h"').refine(
  (written) => durationMs(written) <= 24 * 3_600_000,
  { error: (issue) => `must be at most 24h, got ${shown(issue.input)}` },
);
export const memory = form(/^[1-9]\d*(?:Mi|Gi|M|G)$/, 'an amount of memory such as "512Mi" or "2Gi"');
export const url = form(/^https?:\/\/[^\s/]+\S*$/, 'a URL that begins with http:// or https://');
export const cpu = z
  .union([form(/^(?:\d+(?:\.\d+)?|[1-9]\d*m)$/, 'CPUs'), z.number().positive().max(8)])
  .describe('CPUs of one instance, such as 1, 2 or "500m".');

/** One value or a list of them; the list may not be empty. */
export function oneOrMore<T extends z.ZodType<string>>(item: T) {
  return z.union([item, z.array(item).min(1)]);
}

export function whole(min: number, max: number) {
  return z.int().min(min).max(max);
}
