import { readdirSync, readFileSync } from 'node:fs';

import { expect, test } from '@jest/globals';

test('the table of behaviours names those that have a test, and no others', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const source = new URL('..', import.meta.url);
  const tests = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, source), 'utf8'))
    .join('\n');

  const rows = numbers(readme.matchAll(/^\| (\d+) +\|/gm));

  expect(rows).toEqual(numbers(tests.matchAll(/'\((\d+)\) /g)));
  expect(rows).toEqual(Array.from({ length: 28 }, (_, index) => index + 1));
});

function numbers(found: Iterable<RegExpExecArray>): readonly number[] {
  return [...new Set([...found].map(([, number]) => Number(number)))].sort((a, b) => a - b);
}
