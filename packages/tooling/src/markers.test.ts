import { expect, test } from '@jest/globals';

import { fillMarkers, markdownTable } from './markers.ts';

test('what stands between the markers is replaced and the rest is kept', () => {
  const filled = fillMarkers('# A\n<!-- inputs -->old<!-- /inputs -->\nend', 'inputs', 'new');

  expect(filled).toBe('# A\n<!-- inputs -->\n\nnew\n\n<!-- /inputs -->\nend');
});

test('a document without markers is refused', () => {
  expect(() => fillMarkers('# A', 'inputs', 'new')).toThrow('has no <!-- inputs -->');
});

test('a cell cannot break the table', () => {
  expect(markdownTable(['a', 'b'], [['x | y', 'two\nlines']])).toBe(
    ['| a      | b         |', '| ------ | --------- |', '| x \\| y | two lines |'].join('\n'),
  );
});
