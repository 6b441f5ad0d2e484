import { expect, test } from '@jest/globals';

import { planTag, type TagFacts, type TagPlan } from './index.ts';

const COMMIT = 'abc1234def5678abc1234def5678abc1234def56';
const OTHER = `abc1234${'0'.repeat(33)}`;
const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each<[string, TagFacts, TagPlan['kind']]>([
  ['a tag that is free', { tag: 'main-abc1234', commit: COMMIT }, 'build'],
  [
    'an image of this commit',
    { tag: 'main-abc1234', commit: COMMIT, found: { digest: DIGEST, revision: COMMIT } },
    'reuse',
  ],
  [
    'an image of this commit under a name of its own',
    { tag: 'initial', commit: COMMIT, found: { digest: DIGEST, revision: COMMIT } },
    'reuse',
  ],
  [
    'an image that only its tag tells the commit of',
    { tag: 'main-abc1234', commit: COMMIT, found: { digest: DIGEST } },
    'reuse',
  ],
  [
    'an image of a commit that begins alike',
    { tag: 'main-abc1234', commit: COMMIT, found: { digest: DIGEST, revision: OTHER } },
    'refuse',
  ],
  ['an image of an unknown commit', { tag: 'initial', commit: COMMIT, found: { digest: DIGEST } }, 'refuse'],
  [
    'an image, where no commit is known',
    { tag: 'initial', found: { digest: DIGEST, revision: OTHER } },
    'refuse',
  ],
])('%s (BP-04)', (_, facts, kind) => {
  expect(planTag(facts).kind).toBe(kind);
});

test('a refusal says what the tag names and what to do', () => {
  expect(planTag({ tag: 'initial', commit: COMMIT, found: { digest: DIGEST, revision: OTHER } })).toEqual({
    kind: 'refuse',
    because: `tag initial names ${DIGEST} already, built from commit ${OTHER}, and is not moved to commit ${COMMIT}; choose another tag, or delete this one`,
  });
});
