import { mkdtempDisposable, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { openState } from './state.ts';
import { unburiedOwner } from './test-unburied.ts';

type AnyMap = Map<unknown, unknown>;

test('a state is the same after it was written and read, whatever is in its maps', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fairlead-state-'));
  let count = 0;

  fc.assert(
    fc.property(fc.array(write, { maxLength: 30 }), (writes) => {
      const file = join(folder.path, String((count += 1)));
      const before = { first: new Map<unknown, unknown>(), second: new Map<unknown, unknown>() };

      inState(file, before, (commit) => {
        for (const one of writes) make(before, one, commit);
      });

      expect([...entriesOf(reopened(file))]).toEqual([...entriesOf(before)]);
    }),
    { numRuns: 200 },
  );
});

test('a map of maps keeps each write below it', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fairlead-state-'));
  const file = join(folder.path, 'state');
  const first: AnyMap = new Map();

  inState(file, { first, second: new Map() }, (commit) => {
    const inner: AnyMap = new Map([['one', 1]]);
    first.set('inner', inner);
    commit();
    inner.set('two', 2);
    commit();
    inner.delete('one');
    first.set('inner', inner);
  });

  expect(reopened(file).first).toEqual(new Map([['inner', new Map([['two', 2]])]]));
});

test('the order of entries stays, also of one that was deleted and made again', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fairlead-state-'));
  const file = join(folder.path, 'state');
  const first: AnyMap = new Map();

  inState(file, { first, second: new Map() }, (commit) => {
    first.set('a', 1).set('b', 2);
    commit();
    first.delete('a');
    first.set('a', 3);
  });

  expect([...reopened(file).first.keys()]).toEqual(['b', 'a']);
});

test('a file that has grown is written anew while it is written on', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fairlead-state-'));
  const file = join(folder.path, 'state');
  const first: AnyMap = new Map();
  const state = openState(file);
  state.keep({ first }, () => 1);
  const grow = async (number: number) => {
    first.set(`key-${number % 10}`, String(number).padStart(3_000));
    state.commit();
    await new Promise(setImmediate);
  };

  await Array.from({ length: 4_000 }).reduce<Promise<void>>(
    (last, _, number) => last.then(() => grow(number)),
    Promise.resolve(),
  );
  state.close();

  expect((await stat(file)).size).toBeLessThan(9_000_000);
  expect(reopened(file).first).toEqual(first);
});

test('maps that a release does not know are carried along', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fairlead-state-'));
  const file = join(folder.path, 'state');
  const first: AnyMap = new Map([['a', 1]]);
  inState(file, { first: new Map(), second: new Map() }, () => undefined);
  const newer = openState(file);
  newer.keep({ unknown: first }, () => 1);
  first.set('b', 2);
  newer.close();

  inState(file, { first: new Map(), second: new Map() }, () => undefined);

  const again: AnyMap = new Map();
  const state = openState(file);
  state.keep({ unknown: again }, () => 1);
  state.close();
  expect(again).toEqual(new Map([['b', 2]]));
});

// Linux alone tells such a process from one that runs.
(process.platform === 'linux' ? test : test.failing)(
  'the lock of a process that was killed and whose parent has not asked after it is taken over',
  async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'fairlead-state-'));
    const file = join(folder.path, 'state');
    await using dead = await unburiedOwner(file);
    const lock = await readFile(`${file}.lock`, 'utf8');

    openState(file).close();

    expect(lock).toMatch(new RegExp(`^${dead.pid} `));
  },
);

test('the lock of a process that is gone is taken over', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fairlead-state-'));
  const file = join(folder.path, 'state');
  await writeFile(`${file}.lock`, '999999999 1');

  openState(file).close();

  await expect(readFile(`${file}.lock`)).rejects.toThrow('ENOENT');
});

test('a file that cannot be written says so at the start', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fairlead-state-'));

  expect(() => openState(folder.path)).toThrow(`state file "${folder.path}" cannot be read: EISDIR`);
});

interface Maps {
  readonly first: AnyMap;
  readonly second: AnyMap;
}

function inState(file: string, maps: Maps, use: (commit: () => void) => void): void {
  const state = openState(file);
  state.keep({ ...maps }, () => 1);
  use(state.commit);
  state.close();
}

function reopened(file: string): Maps {
  const maps = { first: new Map<unknown, unknown>(), second: new Map<unknown, unknown>() };
  inState(file, maps, () => undefined);
  return maps;
}

function* entriesOf({ first, second }: Maps): Generator {
  yield* first;
  yield* second;
}

/** As it came over the wire or would go out: JSON has no -0. */
const json = fc.jsonValue().map((made) => JSON.parse(JSON.stringify(made)) as unknown);

const value = fc.oneof(
  json,
  fc.dictionary(fc.constantFrom('$map', '$bytes', '__proto__', 'plain', '$object'), json),
  fc.uint8Array({ maxLength: 6_000 }).map((bytes) => Buffer.from(bytes)),
  fc.bigInt(),
  fc.array(fc.string()).map((items) => new Set(items)),
  fc.array(fc.tuple(fc.string(), fc.integer())).map((entries) => new Map<unknown, unknown>(entries)),
);

const write = fc.record({
  map: fc.constantFrom('first', 'second'),
  act: fc.constantFrom('set', 'set', 'set', 'delete', 'clear', 'commit'),
  key: fc.constantFrom('a', 'b', '__proto__', 'ü/../\u0000'),
  value,
});

function make(
  maps: Maps,
  { map, act, key, value }: { map: string; act: string; key: string; value: unknown },
  commit: () => void,
): void {
  const target = map === 'first' ? maps.first : maps.second;
  if (act === 'set') target.set(key, value);
  if (act === 'delete') target.delete(key);
  if (act === 'clear') target.clear();
  if (act === 'commit') commit();
}
