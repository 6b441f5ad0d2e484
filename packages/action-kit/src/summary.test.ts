import { describe, expect, test } from '@jest/globals';

import { markdownSummary } from './index.ts';

describe('the step summary', () => {
  test('is a table and a sentence', () => {
    const summary = markdownSummary();

    summary.table(['unit', 'verdict'], [['agent', 'healthy']]);
    summary.sentence('All units are healthy.');

    expect(summary.render()).toBe(
      '| unit | verdict |\n| --- | --- |\n| agent | healthy |\n\nAll units are healthy.\n\n',
    );
  });

  test('text from outside cannot become markup', () => {
    const summary = markdownSummary();

    summary.table(['title'], [['a|b <img src=x> `code`\n@everyone']]);

    expect(summary.render()).toContain('| a\\|b &lt;img src=x> \\`code\\` &#64;everyone |');
  });

  test('a fence is longer than any inside', () => {
    const summary = markdownSummary();

    summary.code('sh', 'echo ```');

    expect(summary.render()).toBe('````sh\necho ```\n````\n\n');
  });

  test('what is too large for the runner is cut at a part and said', () => {
    const summary = markdownSummary();

    summary.sentence('first');
    summary.sentence('x'.repeat(1024 * 1024));

    expect(summary.render()).toBe('first\n\nThe rest does not fit into a step summary.\n\n');
  });
});
