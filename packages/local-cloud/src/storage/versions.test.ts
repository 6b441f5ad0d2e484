import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { type StorageClient, storageClient } from './test-storage.ts';

/** A bucket with versioning. */
async function versioned(): Promise<StorageClient> {
  const t = await storageClient();
  await t.json('POST', '/storage/v1/b', { name: 'graphs', versioning: { enabled: true } });
  return t;
}

const bodyOf = async (t: StorageClient, generation: string) =>
  (await t.at('GET', `/storage/v1/b/graphs/o/a?alt=media&generation=${generation}`)).text();

test('in a bucket with versioning what is overwritten is read by its generation', async () => {
  await using t = await versioned();
  const first = await t.write('graphs', 'a', 'one');
  const second = await t.write('graphs', 'a', 'two');

  const live = await t.json('GET', '/storage/v1/b/graphs/o/a');
  const old = await t.json('GET', `/storage/v1/b/graphs/o/a?generation=${first.generation}`);

  expect([await bodyOf(t, first.generation), await bodyOf(t, second.generation)]).toEqual(['one', 'two']);
  expect(await (await t.at('GET', `/graphs/a?generation=${first.generation}`)).text()).toBe('one');
  expect(live.body.timeDeleted).toBeUndefined();
  expect(old.body).toMatchObject({ generation: first.generation, timeDeleted: expect.any(String) });
});

test('all versions are listed by name and age, a page at a time', async () => {
  await using t = await versioned();
  const generations = [];
  generations.push((await t.write('graphs', 'a', 'one')).generation);
  generations.push((await t.write('graphs', 'a', 'two')).generation);
  await t.write('graphs', 'b', 'three');

  const page = await t.json('GET', '/storage/v1/b/graphs/o?versions=true&maxResults=2');
  const token = page.body.nextPageToken ?? '';
  const rest = await t.json('GET', `/storage/v1/b/graphs/o?versions=true&maxResults=2&pageToken=${token}`);
  const live = await t.json('GET', '/storage/v1/b/graphs/o');

  expect(page.body.items?.map(({ generation }) => generation)).toEqual(generations);
  expect(rest.body.items?.map(({ name }) => name)).toEqual(['b']);
  expect(rest.body.nextPageToken).toBeUndefined();
  expect(live.body.items?.map(({ name }) => name)).toEqual(['a', 'b']);
});

test('a deletion without a generation keeps the version, one with it removes it for good', async () => {
  await using t = await versioned();
  const { generation } = await t.write('graphs', 'a', 'one');

  const deleted = await t.at('DELETE', '/storage/v1/b/graphs/o/a');
  const live = await t.json('GET', '/storage/v1/b/graphs/o/a');
  const kept = await bodyOf(t, generation);
  const bucket = await t.json('DELETE', '/storage/v1/b/graphs');
  await t.at('DELETE', `/storage/v1/b/graphs/o/a?generation=${generation}`);
  const gone = await t.json('GET', `/storage/v1/b/graphs/o/a?generation=${generation}`);
  const emptied = await t.at('DELETE', '/storage/v1/b/graphs');

  expect([deleted.status, live.status, kept]).toEqual([204, 404, 'one']);
  expect([bucket.status, gone.status, emptied.status]).toEqual([409, 404, 204]);
});

test('an old version comes back by a copy, and its settings can be changed', async () => {
  await using t = await versioned();
  const { generation } = await t.write('graphs', 'a', 'one');
  await t.write('graphs', 'a', 'two');

  const patched = await t.json('PATCH', `/storage/v1/b/graphs/o/a?generation=${generation}`, {
    metadata: { good: 'yes' },
  });
  await t.json('POST', `/storage/v1/b/graphs/o/a/rewriteTo/b/graphs/o/a?sourceGeneration=${generation}`, {});

  expect(patched.body).toMatchObject({ generation, metageneration: '2', metadata: { good: 'yes' } });
  expect(await (await t.at('GET', '/graphs/a')).text()).toBe('one');
  expect((await t.json('GET', '/storage/v1/b/graphs/o?versions=True')).body.items).toHaveLength(3);
});

test('versioning is switched on and off by a patch, and what is there by then stays', async () => {
  await using t = await storageClient();
  await t.write('graphs', 'a', 'one');
  await t.write('graphs', 'a', 'two');

  const on = await t.json('PATCH', '/storage/v1/b/graphs?ifMetagenerationMatch=1', {
    versioning: { enabled: true },
    labels: { team: 'a' },
  });
  const stale = await t.json('PATCH', '/storage/v1/b/graphs?ifMetagenerationMatch=1', { labels: null });
  await t.write('graphs', 'a', 'three');
  await t.json('PATCH', '/storage/v1/b/graphs', { versioning: { enabled: false }, labels: null });
  await t.write('graphs', 'a', 'four');

  const versions = (await t.json('GET', '/storage/v1/b/graphs/o?versions=true')).body.items ?? [];
  const bucket = await t.json('GET', '/storage/v1/b/graphs');

  expect(on.body).toMatchObject({
    metageneration: '2',
    versioning: { enabled: true },
    labels: { team: 'a' },
  });
  expect(stale.status).toBe(412);
  expect(await Promise.all(versions.map(({ generation }) => bodyOf(t, generation)))).toEqual(['two', 'four']);
  expect(bucket.body).toMatchObject({ metageneration: '3', versioning: { enabled: false } });
  expect(bucket.body).not.toHaveProperty('labels');
});

test('versioning that is none is refused', async () => {
  await using t = await storageClient();

  const refused = await t.json('POST', '/storage/v1/b', { name: 'graphs', versioning: 'on' });

  expect(refused.status).toBe(400);
  expect((await t.json('GET', '/storage/v1/b/graphs')).status).toBe(404);
});

test('versions and what was written about a bucket outlive the process', async () => {
  await using folder = await temporaryFolder();
  const state = join(folder.path, 'cloud.state');
  const { generation } = await inCloud(state, async (t) => {
    await t.json('POST', '/storage/v1/b', { name: 'graphs', versioning: { enabled: true }, location: 'eu' });
    const first = await t.write('graphs', 'a', 'one');
    await t.write('graphs', 'a', 'two');
    return first;
  });

  const after = await inCloud(state, async (t) => ({
    old: await bodyOf(t, generation),
    bucket: (await t.json('GET', '/storage/v1/b/graphs')).body,
  }));

  expect(after).toMatchObject({ old: 'one', bucket: { versioning: { enabled: true }, location: 'EU' } });
});

async function inCloud<T>(state: string, use: (t: StorageClient) => Promise<T>): Promise<T> {
  await using t = await storageClient({ state });
  return await use(t);
}

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'storage-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
