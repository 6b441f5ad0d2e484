import { recordingContext } from '@fairlead/action-kit';
import { startLocalCloud } from '@fairlead/local-cloud';
import { expect, test } from '@jest/globals';

import { cloudStorage } from './index.ts';

const NAME = { bucket: 'graphs', object: 'supergraphs/abc.graphql' };
const content = (text: string) => ({ type: 'text/plain', bytes: Buffer.from(text) });

async function bench() {
  const cloud = await startLocalCloud({ containers: 'none' });
  const context = recordingContext({ env: { CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: cloud.url } });
  return { cloud, storage: cloudStorage(context), [Symbol.asyncDispose]: cloud.close };
}

test('an object is kept once and read back, also by its plain URL', async () => {
  await using t = await bench();

  const kept = await t.storage.keep(NAME, content('type Query'));

  expect(kept).toMatchObject({ kind: 'created', facts: { bytes: 10, contentType: 'text/plain' } });
  expect(await t.storage.stat(NAME)).toEqual(kept.facts);
  expect(String(Buffer.from((await t.storage.read(NAME)) ?? []))).toBe('type Query');
  expect(await (await fetch(t.storage.urlOf(NAME))).text()).toBe('type Query');
});

test('an object that is not there reads as absent', async () => {
  await using t = await bench();
  await t.storage.keep(NAME, content('x'));

  const other = { ...NAME, object: 'supergraphs/def.graphql' };

  expect([await t.storage.stat(other), await t.storage.read(other)]).toEqual([undefined, undefined]);
});

test('the same bytes again are fine and write nothing (SG-04)', async () => {
  await using t = await bench();
  const first = await t.storage.keep(NAME, content('type Query'));

  const again = await t.storage.keep(NAME, content('type Query'));

  expect(again).toEqual({ kind: 'present', facts: first.facts });
});

test('other bytes under the same name are refused and left as they are', async () => {
  await using t = await bench();
  const first = await t.storage.keep(NAME, content('type Query'));

  await expect(t.storage.keep(NAME, content('type Mutation'))).rejects.toThrow(
    'write gs://graphs/supergraphs/abc.graphql: an object of this name holds other content (expected 13 bytes, found 10)',
  );

  expect(await t.storage.stat(NAME)).toEqual(first.facts);
});

test.each(['drop-reply', 'apply-then-503', 'fail-before'] as const)(
  'a write that meets "%s" ends with the object there, once',
  async (effect) => {
    await using t = await bench();
    t.cloud.addFaults({ match: { method: 'POST', path: '^/upload/' }, effect });

    const kept = await t.storage.keep(NAME, content('type Query'));

    expect(await t.storage.stat(NAME)).toEqual(kept.facts);
  },
);

test('a refusal by permission names what is to be granted', async () => {
  await using t = await bench();
  t.cloud.addFaults({ match: { path: '^/upload/' }, effect: 'status', status: 403, message: 'denied' });

  await expect(t.storage.keep(NAME, content('x'))).rejects.toThrow(
    'write gs://graphs/supergraphs/abc.graphql: the API answered 403',
  );
});
