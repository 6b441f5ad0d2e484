import { expect, test } from '@jest/globals';

import { readPolicies } from './cleanup-policy.ts';
import { expiredVersions } from './expired.ts';

const DAY_SECONDS = 86_400;
const NOW_MS = 1_000 * DAY_SECONDS * 1_000;

const version = (digest: string, days: number, tags: readonly string[] = []) => ({
  digest: `sha256:${digest}`,
  tags,
  uploadedMs: NOW_MS - days * DAY_SECONDS * 1_000,
});

const VERSIONS = [
  version('a', 1, ['latest', 'v3']),
  version('b', 10),
  version('c', 20, ['v2']),
  version('d', 40),
  version('e', 60, ['v1', 'release-1']),
];

const days = (count: number) => `${count * DAY_SECONDS}s`;
const remove = (condition: object) => ({ action: 'DELETE', condition });
const keep = (condition: object) => ({ action: 'KEEP', condition });

test.each<[string, Readonly<Record<string, object>>, string]>([
  ['nothing without a policy', {}, ''],
  ['nothing by a keep policy alone', { k: keep({}) }, ''],
  ['all by a delete policy without a condition', { d: remove({}) }, 'abcde'],
  ['what is old', { d: remove({ olderThan: days(30) }) }, 'de'],
  ['what is young', { d: remove({ newerThan: days(15) }) }, 'ab'],
  ['what has no tag', { d: remove({ tagState: 'UNTAGGED' }) }, 'bd'],
  ['what has a tag', { d: remove({ tagState: 'tagged' }) }, 'ace'],
  ['what has a tag of a prefix', { d: remove({ tagState: 'TAGGED', tagPrefixes: ['v2', 'rel'] }) }, 'ce'],
  ['what is of a version', { d: remove({ versionNamePrefixes: ['sha256:b', 'sha256:c'] }) }, 'bc'],
  ['what is of a package', { d: remove({ packageNamePrefixes: ['we'] }) }, 'abcde'],
  ['nothing of another package', { d: remove({ packageNamePrefixes: ['api'] }) }, ''],
  ['what meets all conditions', { d: remove({ tagState: 'UNTAGGED', olderThan: days(30) }) }, 'd'],
  [
    'what any policy deletes',
    { d: remove({ olderThan: days(50) }), u: remove({ tagState: 'UNTAGGED' }) },
    'bde',
  ],
  ['nothing that a policy keeps', { d: remove({}), k: keep({ tagPrefixes: ['release'] }) }, 'abcd'],
  [
    'nothing of the newest',
    { d: remove({}), k: { action: 'KEEP', mostRecentVersions: { keepCount: 2 } } },
    'cde',
  ],
  [
    'the newest where another package keeps its own',
    {
      d: remove({}),
      k: { action: 'KEEP', mostRecentVersions: { keepCount: 2, packageNamePrefixes: ['api'] } },
    },
    'abcde',
  ],
])('policies delete %s', (_, policies, expected) => {
  const expired = expiredVersions({ short: 'web', versions: VERSIONS }, readPolicies(policies), NOW_MS);

  expect(expired.map(({ digest }) => digest.at(-1)).join('')).toBe(expected);
});

test.each<[unknown, string]>([
  [[], 'cleanup_policies'],
  [{ p: { action: 'DELETE' } }, 'either a condition or mostRecentVersions'],
  [{ p: { action: 'DELETE', condition: {}, mostRecentVersions: { keepCount: 1 } } }, 'either a condition or'],
  [{ p: { action: 'DELETE', mostRecentVersions: { keepCount: 1 } } }, 'with the action KEEP alone'],
  [{ p: { action: 'KEEP', mostRecentVersions: {} } }, 'keepCount must be at least 1'],
  [{ p: { condition: {} } }, 'must be DELETE or KEEP'],
  [{ p: { id: 'q', action: 'DELETE', condition: {} } }, 'must be its key'],
  [{ p: remove({ olderThan: '30d' }) }, 'must be a duration in seconds'],
  [{ p: remove({ tagState: 'SOME' }) }, 'must be TAGGED, UNTAGGED or ANY'],
  [{ p: remove({ tagState: 'UNTAGGED', tagPrefixes: ['v'] }) }, 'cannot be given with the tagState UNTAGGED'],
  [{ p: remove({ colour: 'red' }) }, 'Unknown name "colour"'],
  [Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`p${index}`, remove({})])), 'at most 10'],
])('%j is refused', (policies, message) => {
  expect(() => readPolicies(policies)).toThrow(message);
});
