import { expect, test } from '@jest/globals';

import { lastLines } from './last-lines.ts';

test.each([
  ['the last lines on one line', 'one\ntwo\n\nthree\nfour\n', 'two; three; four'],
  [
    'the error above a stack of Node',
    'Error: no such unit\n    at make (build.mjs:3:1)\n\nNode.js v24.1.0',
    'Error: no such unit',
  ],
  ['a stack that is all there is', '    at make (build.mjs:3:1)', 'at make (build.mjs:3:1)'],
  ['that there was nothing', '\n', 'it printed nothing'],
])('the end of an output is %s', (_, output, expected) => {
  expect(lastLines(output)).toBe(expected);
});
