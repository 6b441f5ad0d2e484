import { gunzipSync, gzipSync } from 'node:zlib';
import { get, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { expect, test } from '@jest/globals';

import { type StorageClient, storageClient } from './test-storage.ts';

const TEXT = 'a supergraph '.repeat(100);
const PACKED = Uint8Array.from(gzipSync(TEXT));

async function withPacked(settings: object = {}): Promise<StorageClient> {
  const t = await storageClient();
  await t.at('POST', '/upload/storage/v1/b/graphs/o?uploadType=media&name=a&contentEncoding=gzip', {
    body: PACKED,
  });
  await t.json('PATCH', '/storage/v1/b/graphs/o/a', settings);
  return t;
}

/** A download by node's own client, which asks for no encoding by itself and unpacks nothing. */
async function download(t: StorageClient, headers: Readonly<Record<string, string>>) {
  const answer = await new Promise<{ readonly head: IncomingHttpHeaders; readonly body: Promise<Buffer> }>(
    (resolve, reject) => {
      get(`${t.cloud.url}/storage/v1/b/graphs/o/a?alt=media`, { headers }, (response) => {
        resolve({ head: response.headers, body: buffer(response) });
      }).on('error', reject);
    },
  );
  return { head: answer.head, body: await answer.body };
}

test.each([
  [{}],
  [{ 'accept-encoding': 'identity' }],
  [{ 'accept-encoding': 'br, gzip;q=0' }],
  [{ range: 'bytes=0-3' }],
])('what is stored packed comes unpacked and whole to who asks with %j', async (headers) => {
  await using t = await withPacked();

  const { head, body } = await download(t, headers);

  expect(body.toString()).toBe(TEXT);
  expect(head).toMatchObject({
    'x-goog-stored-content-encoding': 'gzip',
    'x-goog-stored-content-length': String(PACKED.length),
    warning: '214 UploadServer gunzipped',
  });
  expect(head).not.toHaveProperty('content-encoding');
});

test('it comes as it is stored to who takes it packed', async () => {
  await using t = await withPacked();

  const { head, body } = await download(t, { 'accept-encoding': 'gzip, deflate' });

  expect(gunzipSync(body).toString()).toBe(TEXT);
  expect(head['content-encoding']).toBe('gzip');
});

test('it comes as it is stored when it must not be changed on its way', async () => {
  await using t = await withPacked({ cacheControl: 'no-transform' });

  const { head, body } = await download(t, {});

  expect(Uint8Array.from(body)).toEqual(PACKED);
  expect(head['content-encoding']).toBe('gzip');
});

test('what only says that it is packed comes as it is stored', async () => {
  await using t = await storageClient();
  await t.at('POST', '/upload/storage/v1/b/graphs/o?uploadType=media&name=a&contentEncoding=gzip', {
    body: 'plain',
  });

  expect((await download(t, {})).body.toString()).toBe('plain');
});
