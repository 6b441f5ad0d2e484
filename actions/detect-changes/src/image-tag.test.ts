import { expect, test } from '@jest/globals';

import { imageTag } from './image-tag.ts';

const commit = '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d';

test.each([
  [{ ref: 'refs/heads/main' }, 'main-1a2b3c4'],
  [{ ref: 'refs/heads/release/2026.11' }, 'release-2026.11-1a2b3c4'],
  [{ ref: 'refs/heads/hotfix/login' }, 'hotfix-1a2b3c4'],
  [{ ref: 'refs/tags/v1.2.3' }, 'v1.2.3-1a2b3c4'],
  [{ ref: 'refs/pull/7/merge', pullRequest: 7 }, 'pr-7'],
  [{ ref: 'refs/heads/-Ünï_x' }, 'n-_x-1a2b3c4'],
  [{ ref: 'refs/heads/文' }, 'commit-1a2b3c4'],
  [{ ref: `refs/heads/${'a'.repeat(300)}` }, `${'a'.repeat(120)}-1a2b3c4`],
])('images of %j are tagged %s (BP-02, BP-04, BP-08)', (run, tag) => {
  expect(imageTag({ ...run, commit })).toBe(tag);
});
