import { describe, expect, test } from '@jest/globals';

import { printed, runSteps, testFolder } from './testing.ts';

const HOSTILE = [
  ['a shell escape', 'x"; touch pwned; echo "'],
  ['a command substitution', '$(touch pwned)`touch pwned`'],
  ['a forged output', 'x\nsafe=yes'],
  ['a forged heredoc', 'x\nEOF\nsafe=yes'],
  ['an expression', '${{ secrets.KEY }}'],
  ['a workflow command', '::error::forged'],
  ['a command after a new line', 'x\n::add-mask::success\n::stop-commands::x'],
  ['escapes', '%0A::error::forged%25'],
  ['a leading dash', '-rf /'],
  ['a path', '../../etc/passwd'],
  ['unicode', '\u202e'.repeat(2000)],
] as const;

const payloadOf = (title: string) => ({
  event: { name: 'pull_request', payload: { pull_request: { title } } },
});

describe('a title that is', () => {
  test.each(HOSTILE)('%s reaches a step whole through env, and does nothing', async (_what, title) => {
    const run = await runSteps(
      `
- run: 'node -e "console.log(JSON.stringify(process.env.TITLE))"; ls -A'
  env: { TITLE: '\${{ github.event.pull_request.title }}' }
`,
      { ...payloadOf(title), secrets: { KEY: 'hunter2' } },
    );

    expect(printed(run)).toEqual([JSON.stringify(title)]);
    expect(run.annotations).toEqual([]);
  });

  test.each(HOSTILE)('%s reaches an action whole through its inputs', async (_what, title) => {
    using fairlead = testFolder({
      'action.yml':
        'name: a\ndescription: b\ninputs: { title: { description: c } }\nruns: { using: node24, main: a.mjs }',
      'a.mjs': "process.stderr.write(Buffer.from(process.env.INPUT_TITLE).toString('base64') + '\\n');",
    });
    const run = await runSteps(
      "- uses: f/f@v1\n  with: { title: '${{ github.event.pull_request.title }}' }",
      {
        ...payloadOf(title),
        mappings: { 'f/f': fairlead.folder },
      },
    );

    expect(printed(run).at(-1)).toBe(Buffer.from(title).toString('base64'));
    expect(run.jobs[0]?.steps[0]?.conclusion).toBe('success');
  });
});

describe('as on GitHub, a workflow is not safe', () => {
  test('when a title stands in the script itself', async () => {
    const run = await runSteps(
      '- run: echo "${{ github.event.pull_request.title }}"\n- run: ls',
      payloadOf('x"; touch pwned; echo "'),
    );

    expect(printed(run)).toContain('pwned');
  });

  test('when a title is echoed into the outputs', async () => {
    const run = await runSteps(
      `
- id: a
  run: |
    echo "safe=no" >> "$GITHUB_OUTPUT"
    echo "title=$TITLE" >> "$GITHUB_OUTPUT"
  env: { TITLE: '\${{ github.event.pull_request.title }}' }
`,
      payloadOf('x\nsafe=yes'),
    );

    expect(run.jobs[0]?.steps[0]?.outputs).toEqual({ safe: 'yes', title: 'x' });
  });

  test('but a heredoc with a delimiter that nobody knows keeps a title whole', async () => {
    const run = await runSteps(
      `
- id: a
  run: |
    delimiter="$(cat /proc/sys/kernel/random/uuid)"
    printf 'title<<%s\\n%s\\n%s\\n' "$delimiter" "$TITLE" "$delimiter" >> "$GITHUB_OUTPUT"
  env: { TITLE: '\${{ github.event.pull_request.title }}' }
`,
      payloadOf('x\nEOF\nsafe=yes'),
    );

    expect(run.jobs[0]?.steps[0]?.outputs).toEqual({ title: 'x\nEOF\nsafe=yes' });
  });
});
