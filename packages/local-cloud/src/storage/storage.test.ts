import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { testCloud } from '../test-client.ts';
import { crc32c } from './checksums.ts';

/** `where` is the object's name, with further parameters after it. */
const upload = (url: string, where: string, content: string) =>
  fetch(`${url}/upload/storage/v1/b/graphs/o?uploadType=media&name=${where}`, {
    method: 'POST',
    body: content,
    headers: { 'content-type': 'text/plain' },
  });

test('an object is written, described, downloaded and found at its public path', async () => {
  await using t = await testCloud();

  const written = (await (await upload(t.cloud.url, 'supergraphs/a.graphql', 'schema')).json()) as object;
  const described: unknown = await (
    await fetch(`${t.cloud.url}/storage/v1/b/graphs/o/supergraphs%2Fa.graphql`)
  ).json();
  const downloaded = await fetch(`${t.cloud.url}/storage/v1/b/graphs/o/supergraphs%2Fa.graphql?alt=media`);
  const published = await fetch(`${t.cloud.url}/graphs/supergraphs/a.graphql`);

  expect(written).toMatchObject({
    kind: 'storage#object',
    bucket: 'graphs',
    name: 'supergraphs/a.graphql',
    size: '6',
    metageneration: '1',
    contentType: 'text/plain',
    md5Hash: 'yVUNX61zRH/CS6R/ldHGtw==',
  });
  expect(described).toEqual(written);
  expect([await downloaded.text(), await published.text()]).toEqual(['schema', 'schema']);
  expect(published.headers.get('content-type')).toBe('text/plain');
});

test('a write for a generation that is not the live one is refused with 412 and changes nothing', async () => {
  await using t = await testCloud();
  await upload(t.cloud.url, 'a&ifGenerationMatch=0', 'first');

  const second = await upload(t.cloud.url, 'a&ifGenerationMatch=0', 'second');

  expect(second.status).toBe(412);
  expect(await second.json()).toMatchObject({
    error: { code: 412, errors: [{ reason: 'conditionNotMet' }] },
  });
  expect(await (await fetch(`${t.cloud.url}/graphs/a`)).text()).toBe('first');
});

test('a multipart upload carries its metadata', async () => {
  await using t = await testCloud();
  const body = [
    '--edge',
    'Content-Type: application/json',
    '',
    JSON.stringify({ name: 'a.txt', cacheControl: 'no-store', metadata: { commit: 'abc' } }),
    '--edge',
    'Content-Type: text/plain',
    '',
    'line\r\n--not-the-edge',
    '--edge--',
    '',
  ].join('\r\n');

  const written = await fetch(`${t.cloud.url}/upload/storage/v1/b/graphs/o?uploadType=multipart`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/related; boundary=edge' },
    body,
  });

  expect(await written.json()).toMatchObject({
    name: 'a.txt',
    cacheControl: 'no-store',
    contentType: 'text/plain',
    metadata: { commit: 'abc' },
  });
  expect(await (await fetch(`${t.cloud.url}/graphs/a.txt`)).text()).toBe('line\r\n--not-the-edge');
});

test('objects are listed by prefix, in order, a page at a time', async () => {
  await using t = await testCloud();
  await upload(t.cloud.url, 'b/2', '');
  await upload(t.cloud.url, 'b/1', '');
  await upload(t.cloud.url, 'a', '');
  const list = `${t.cloud.url}/storage/v1/b/graphs/o?prefix=b/&maxResults=1`;

  const first = (await (await fetch(list)).json()) as { nextPageToken: string };
  const second: unknown = await (await fetch(`${list}&pageToken=${first.nextPageToken}`)).json();

  expect(first).toMatchObject({ items: [{ name: 'b/1' }] });
  expect(second).toMatchObject({ items: [{ name: 'b/2' }] });
});

test('a deleted object is 404 everywhere, a missing bucket says so', async () => {
  await using t = await testCloud();
  await upload(t.cloud.url, 'a', 'x');

  const deleted = await fetch(`${t.cloud.url}/storage/v1/b/graphs/o/a`, { method: 'DELETE' });
  const gone = await fetch(`${t.cloud.url}/storage/v1/b/graphs/o/a`);
  const published = await fetch(`${t.cloud.url}/graphs/a`);
  const noBucket = await fetch(`${t.cloud.url}/storage/v1/b/none/o`);

  expect([deleted.status, gone.status, published.status]).toEqual([204, 404, 404]);
  expect(await gone.json()).toMatchObject({ error: { message: 'No such object: graphs/a' } });
  expect(await published.text()).toContain('<Code>NoSuchKey</Code>');
  expect(await noBucket.json()).toMatchObject({ error: { message: 'The specified bucket does not exist.' } });
});

test('a metadata change counts the metageneration and keeps the generation', async () => {
  await using t = await testCloud();
  const before = (await (await upload(t.cloud.url, 'a', 'x')).json()) as { generation: string };

  const after = await fetch(`${t.cloud.url}/storage/v1/b/graphs/o/a`, {
    method: 'PATCH',
    body: JSON.stringify({ metadata: { seen: 'yes' } }),
  });

  expect(await after.json()).toMatchObject({
    generation: before.generation,
    metageneration: '2',
    metadata: { seen: 'yes' },
  });
});

test('the checksum of "123456789" is the published one', () => {
  expect(Buffer.from(crc32c(Buffer.from('123456789')), 'base64').toString('hex')).toBe('e3069283');
});

test('of writers that all expect the same generation one wins', async () => {
  await using t = await testCloud();

  await fc.assert(
    fc.asyncProperty(fc.uuid(), fc.integer({ min: 2, max: 5 }), async (name, writers) => {
      const statuses = await Promise.all(
        Array.from({ length: writers }, async (_, writer) => {
          const written = await upload(t.cloud.url, `${name}&ifGenerationMatch=0`, `by ${writer}`);
          return written.status;
        }),
      );
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    }),
    { numRuns: 20 },
  );
});
