import { describe, expect, test } from '@jest/globals';

import { printed, runSteps } from './testing.ts';

describe('an expression', () => {
  test.each([
    ["format('{0}-{1}', 'a', 1)", 'a-1'],
    ["'ABC' == 'abc'", 'true'],
    ['contains(fromJSON(\'["a","b"]\'), \'b\')', 'true'],
    ["join(github.event.list.*.name, '+')", 'x+y'],
    ["github.event.none.deeper || 'default'", 'default'],
    ["startsWith(github.ref, 'refs/heads/') && 'branch' || 'tag'", 'branch'],
    [
      "case(github.ref_name == 'next', 'staging', github.ref_name == 'main', 'production', 'none')",
      'production',
    ],
    ['fromJSON(\'{"a":{"b":[1,2.50]}}\').a.b[1]', '2.5'],
    ['null', ''],
    ["!''", 'true'],
    ["github.event.list[1]['name']", 'y'],
    ["hashFiles('none')", ''],
  ])('%s is %j', async (expression, expected) => {
    const run = await runSteps(
      `- run: printf '%s' "$VALUE"\n  env: { VALUE: "\${{ ${expression.replaceAll('"', '\\"')} }}" }`,
      {
        event: { name: 'push', payload: { list: [{ name: 'x' }, { name: 'y' }] } },
      },
    );

    expect(printed(run).join('')).toBe(expected);
  });

  test('of files that change has another digest', async () => {
    const run = await runSteps(`
- run: mkdir a; echo 1 > a/x.lock; echo 1 > a/y.lock
- run: echo "\${{ hashFiles('**/*.lock') }}"
- run: echo 2 > a/x.lock
- run: echo "\${{ hashFiles('**/*.lock') }}"; echo "\${{ hashFiles('**/*.lock', '!**/x.lock') }}"
`);
    const [first, second, without] = printed(run);

    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set([first, second, without]).size).toBe(3);
  });
});
