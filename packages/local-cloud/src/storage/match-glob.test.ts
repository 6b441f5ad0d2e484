import { expect, test } from '@jest/globals';

import { storageClient } from './test-storage.ts';

const NAMES = [
  'a.json',
  'b.txt',
  'dir/a.json',
  'dir/deep/a.json',
  'dir/deep/b.json',
  'x+y.json',
  '.hidden.json',
];

test.each([
  ['*.json', ['.hidden.json', 'a.json', 'x+y.json']],
  ['**.json', ['.hidden.json', 'a.json', 'dir/a.json', 'dir/deep/a.json', 'dir/deep/b.json', 'x+y.json']],
  ['**/a.json', ['a.json', 'dir/a.json', 'dir/deep/a.json']],
  ['dir/*', ['dir/a.json']],
  ['dir/**', ['dir/a.json', 'dir/deep/a.json', 'dir/deep/b.json']],
  ['?.{json,txt}', ['a.json', 'b.txt']],
  ['[ab].*', ['a.json', 'b.txt']],
  ['[!a].*', ['b.txt']],
  ['x+y.json', ['x+y.json']],
  ['dir[/]a.json', []],
  ['{dir/{deep/b,a},x+y}.json', ['dir/a.json', 'dir/deep/b.json', 'x+y.json']],
])('%s matches %j', async (glob, expected) => {
  await using t = await storageClient();
  await Promise.all(NAMES.map((name) => t.write('graphs', name, 'content')));

  const { body } = await t.json('GET', `/storage/v1/b/graphs/o?matchGlob=${encodeURIComponent(glob)}`);

  expect((body.items ?? []).map(({ name }) => name)).toEqual(expected);
});

test('a glob goes with the delimiter / alone', async () => {
  await using t = await storageClient();
  await Promise.all(NAMES.map((name) => t.write('graphs', name, 'content')));

  const folders = await t.json('GET', '/storage/v1/b/graphs/o?matchGlob=**.json&delimiter=/&prefix=dir/');
  const other = await t.json('GET', '/storage/v1/b/graphs/o?matchGlob=**.json&delimiter=-');

  expect(folders.body.items?.map(({ name }) => name)).toEqual(['dir/a.json']);
  expect(folders.body.prefixes).toEqual(['dir/deep/']);
  expect(other.status).toBe(400);
});

test.each(['{a,b', 'a}', '[z-a]', '[a', `${'{'.repeat(30)}${'}'.repeat(30)}`, 'a'.repeat(1_025)])(
  '%s is refused',
  async (glob) => {
    await using t = await storageClient();
    await t.write('graphs', 'a', 'content');

    expect((await t.json('GET', `/storage/v1/b/graphs/o?matchGlob=${encodeURIComponent(glob)}`)).status).toBe(
      400,
    );
  },
);

test.each([`${'*a'.repeat(40)}b`, `${'**a'.repeat(40)}b`, `${'{a,aa}'.repeat(60)}b`])(
  '%s is looked for in long names in no long time',
  async (glob) => {
    await using t = await storageClient();
    await t.write('graphs', 'a'.repeat(500), 'content');
    await t.write('graphs', `${'a'.repeat(90)}b`, 'content');

    const { body } = await t.json('GET', `/storage/v1/b/graphs/o?matchGlob=${encodeURIComponent(glob)}`);

    expect(body.items).toMatchObject([{ name: `${'a'.repeat(90)}b` }]);
  },
);
