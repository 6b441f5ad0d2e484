import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { checkTag, isTag, tagFor, type TagSource } from './index.ts';

const SHA = 'abc1234def5678abc1234def5678abc1234def56';

describe('the tag of a build', () => {
  test.each<[TagSource, string]>([
    [{ kind: 'branch', branch: 'main', sha: SHA }, 'main-abc1234'],
    [{ kind: 'branch', branch: 'staging', sha: SHA }, 'staging-abc1234'],
    [{ kind: 'branch', branch: 'hotfix/login-loop', sha: SHA }, 'hotfix-abc1234'],
    [{ kind: 'branch', branch: 'feature/Foo_Bar #12', sha: SHA }, 'feature-foo_bar-12-abc1234'],
    [{ kind: 'branch', branch: '…', sha: SHA }, 'commit-abc1234'],
    [{ kind: 'pull-request', number: 123 }, 'pr-123'],
    [{ kind: 'git-tag', name: 'v1.2.3-rc1', sha: SHA }, 'v1.2.3-rc1-abc1234'],
  ])('of %j is %s (BP-02, BP-04, BP-05, BP-08)', (source, tag) => {
    expect(tagFor(source)).toBe(tag);
  });

  test('is a tag that ends with the commit, whatever the branch is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (branch) => {
        const tag = tagFor({ kind: 'branch', branch, sha: SHA });

        expect([isTag(tag), tag.endsWith('-abc1234'), tag === tag.toLowerCase()]).toEqual([true, true, true]);
      }),
    );
  });

  test.each<[TagSource, string]>([
    [
      { kind: 'branch', branch: 'main', sha: 'abc1234' },
      'expected a full commit ID of 40 hex digits, got "abc1234"',
    ],
    [{ kind: 'pull-request', number: 0 }, "a pull request's number must be a whole number above 0, got 0"],
  ])('of %j is refused', (source, message) => {
    expect(() => tagFor(source)).toThrow(message);
  });
});

describe('a tag given literally', () => {
  test('is taken when it is one (BP-09)', () => {
    expect(checkTag('main-initial')).toBe('main-initial');
  });

  test.each(['', '.hidden', '-rf', 'a b', 'a/b', 'ü', 'x'.repeat(129), '$(id)'])('%j is refused', (text) => {
    expect(() => checkTag(text)).toThrow('is no image tag: expected 1 to 128 letters');
  });
});
