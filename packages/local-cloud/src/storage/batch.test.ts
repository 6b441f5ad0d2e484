import { expect, test } from '@jest/globals';

import { type StorageClient, storageClient } from './test-storage.ts';

const part = (id: string, request: string) =>
  `--b\r\nContent-Type: application/http\r\nContent-ID: <x+${id}>\r\n\r\n${request}\r\n`;

async function batch(t: StorageClient, parts: readonly string[]) {
  const response = await t.at('POST', '/batch/storage/v1', {
    body: `${parts.join('')}--b--`,
    headers: { 'content-type': 'multipart/mixed; boundary="b"' },
  });
  const boundary = /boundary=(\S+)/.exec(response.headers.get('content-type') ?? '')?.[1] ?? 'none';
  const answers = (await response.text()).split(`--${boundary}`).slice(1, -1);
  return { status: response.status, answers };
}

test('the calls of a batch are answered each under its own name, in their order', async () => {
  await using t = await storageClient();
  await t.write('graphs', 'a', 'one');

  const { status, answers } = await batch(t, [
    part(
      '1',
      'PATCH /storage/v1/b/graphs/o/a HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{"metadata":{"k":"v"}}',
    ),
    part('2', 'GET /storage/v1/b/graphs/o/a?fields=metadata HTTP/1.1\r\n\r\n'),
    part('3', 'DELETE /storage/v1/b/graphs/o/a HTTP/1.1\r\n\r\n'),
    part('4', 'GET /storage/v1/b/graphs/o/a HTTP/1.1\r\n\r\n'),
    part('5', 'GET /elsewhere HTTP/1.1\r\n\r\n'),
  ]);

  expect(status).toBe(200);
  expect(answers.map((answer) => /Content-ID: (\S+)\r\n\r\nHTTP\/1\.1 (\d+)/.exec(answer)?.slice(1))).toEqual(
    [
      ['<response-x+1>', '200'],
      ['<response-x+2>', '200'],
      ['<response-x+3>', '204'],
      ['<response-x+4>', '404'],
      ['<response-x+5>', '404'],
    ],
  );
  expect(answers[1]).toContain('"metadata":{"k":"v"}');
  expect(answers[3]).toContain('No such object: graphs/a');
});

test.each([
  [
    'more than a hundred calls',
    Array.from({ length: 101 }, (_, index) => part(`${index}`, 'DELETE /storage/v1/b/graphs/o/a')),
  ],
  ['a part that is no request', [part('1', 'DELETE /storage/v1/b/graphs/o/a'), part('2', 'hello')]],
])('a batch with %s is refused before anything is done', async (_, parts) => {
  await using t = await storageClient();
  await t.write('graphs', 'a', 'one');

  expect((await batch(t, parts)).status).toBe(400);
  expect((await t.json('GET', '/storage/v1/b/graphs/o/a')).status).toBe(200);
});

test('a batch needs a token where tokens are required', async () => {
  await using t = await storageClient();
  await t.write('graphs', 'a', 'one');
  await t.at('PUT', '/-/identity', { body: JSON.stringify({ requireTokens: true }) });

  expect((await batch(t, [part('1', 'DELETE /storage/v1/b/graphs/o/a')])).status).toBe(401);
  expect((await t.at('GET', '/graphs/a')).status).toBe(200);
});
