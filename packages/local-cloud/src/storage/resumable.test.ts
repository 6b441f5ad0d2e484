import { describe, expect, test } from '@jest/globals';

import { testCloud } from '../test-client.ts';

const UNIT = 256 * 1024;
const CONTENT = Buffer.alloc(2 * UNIT + 100, 'abcdefghij');

/** A cloud and a client that uploads in parts, by raw requests. */
async function uploads() {
  const t = await testCloud();
  const begin = async (query = 'name=big', resource: object = {}, headers: Record<string, string> = {}) => {
    const response = await fetch(
      `${t.cloud.url}/upload/storage/v1/b/graphs/o?uploadType=resumable&${query}`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(resource),
      },
    );
    return {
      status: response.status,
      session: response.headers.get('location') ?? '',
      body: await response.text(),
    };
  };
  return {
    ...t,
    begin,
    put: async (session: string, range: string | undefined, body?: Buffer) => {
      const response = await fetch(session, {
        method: 'PUT',
        redirect: 'manual',
        headers: range === undefined ? {} : { 'content-range': range },
        body: new Uint8Array(body ?? Buffer.alloc(0)),
      });
      return { status: response.status, range: response.headers.get('range'), text: await response.text() };
    },
    cancel: async (session: string) => (await fetch(session, { method: 'DELETE' })).status,
    download: async () =>
      Buffer.from(await (await fetch(`${t.cloud.url}/storage/v1/b/graphs/o/big?alt=media`)).arrayBuffer()),
    describe: async () => (await fetch(`${t.cloud.url}/storage/v1/b/graphs/o/big`)).status,
    [Symbol.asyncDispose]: t.cloud.close,
  };
}

test('an upload in parts is told after each how far it is, and is an object with the last', async () => {
  await using t = await uploads();
  const { session } = await t.begin(
    'name=big',
    { metadata: { commit: 'abc' } },
    { 'x-upload-content-type': 'text/plain' },
  );

  const first = await t.put(session, `bytes 0-${UNIT - 1}/*`, CONTENT.subarray(0, UNIT));
  const early = await t.describe();
  const last = await t.put(
    session,
    `bytes ${UNIT}-${CONTENT.length - 1}/${CONTENT.length}`,
    CONTENT.subarray(UNIT),
  );

  expect([first.status, first.range, early]).toEqual([308, `bytes=0-${UNIT - 1}`, 404]);
  expect(last.status).toBe(200);
  expect(JSON.parse(last.text)).toMatchObject({
    name: 'big',
    size: String(CONTENT.length),
    contentType: 'text/plain',
    metadata: { commit: 'abc' },
  });
  expect((await t.download()).equals(CONTENT)).toBe(true);
});

test.each(['bytes 0-*/*', `bytes 0-*/${CONTENT.length}`])(
  'a stream whose end is not known at its start is an object when it ends: %s',
  async (range) => {
    await using t = await uploads();
    const { session } = await t.begin();

    const { status } = await t.put(session, range, CONTENT);

    expect(status).toBe(200);
    expect((await t.download()).equals(CONTENT)).toBe(true);
  },
);

test('a stream that broke goes on where it is, and is an object when its announced size is there', async () => {
  await using t = await uploads();
  const { session } = await t.begin();

  const broken = await t.put(session, `bytes 0-*/${CONTENT.length}`, CONTENT.subarray(0, UNIT + 50));
  const last = await t.put(session, `bytes ${UNIT}-*/${CONTENT.length}`, CONTENT.subarray(UNIT));

  expect([broken.status, broken.range, last.status]).toEqual([308, `bytes=0-${UNIT - 1}`, 200]);
  expect((await t.download()).equals(CONTENT)).toBe(true);
});

test('an upload whose connection broke goes on where it is, also with bytes that are there already', async () => {
  await using t = await uploads();
  const { session } = await t.begin();

  const before = await t.put(session, `bytes */${CONTENT.length}`);
  await t.put(session, `bytes 0-${UNIT + 49}/${CONTENT.length}`, CONTENT.subarray(0, UNIT + 50));
  const asked = await t.put(session, `bytes */${CONTENT.length}`);
  const last = await t.put(session, `bytes 10-${CONTENT.length - 1}/${CONTENT.length}`, CONTENT.subarray(10));

  expect([before.status, before.range]).toEqual([308, null]);
  expect([asked.status, asked.range]).toEqual([308, `bytes=0-${UNIT - 1}`]);
  expect(last.status).toBe(200);
  expect((await t.download()).equals(CONTENT)).toBe(true);
});

test('an upload may come whole in one part', async () => {
  await using t = await uploads();
  const { session } = await t.begin('name=big', {}, { 'x-upload-content-length': String(CONTENT.length) });

  expect((await t.put(session, undefined, CONTENT)).status).toBe(200);
  expect((await t.download()).equals(CONTENT)).toBe(true);
});

test('an upload that is cancelled is no more', async () => {
  await using t = await uploads();
  const { session } = await t.begin();
  await t.put(session, `bytes 0-${UNIT - 1}/*`, CONTENT.subarray(0, UNIT));

  expect([await t.cancel(session), (await t.put(session, 'bytes */*')).status, await t.describe()]).toEqual([
    499, 499, 404,
  ]);
});

test('a finished upload and one that never was are not found', async () => {
  await using t = await uploads();
  const { session } = await t.begin();
  await t.put(session, undefined, CONTENT);

  const finished = await t.put(session, 'bytes */*');
  const unknown = await t.put(`${session}x`, 'bytes */*');

  expect([finished.status, unknown.status]).toEqual([404, 404]);
});

describe('a precondition', () => {
  test('that does not hold refuses the upload before a byte is sent', async () => {
    await using t = await uploads();
    await t.put((await t.begin()).session, undefined, CONTENT);

    const refused = await t.begin('name=big&ifGenerationMatch=0');

    expect(refused.status).toBe(412);
    expect(JSON.parse(refused.body)).toEqual({
      error: {
        code: 412,
        message: 'At least one of the pre-conditions you specified did not hold.',
        errors: [
          {
            message: 'At least one of the pre-conditions you specified did not hold.',
            domain: 'global',
            reason: 'conditionNotMet',
            locationType: 'header',
            location: 'If-Match',
          },
        ],
      },
    });
  });

  test('that holds no more when the last byte comes refuses it then', async () => {
    await using t = await uploads();
    const slow = await t.begin('name=big&ifGenerationMatch=0');
    const fast = await t.begin('name=big&ifGenerationMatch=0');
    await t.put(fast.session, undefined, CONTENT);

    expect((await t.put(slow.session, undefined, Buffer.from('other'))).status).toBe(412);
    expect((await t.download()).equals(CONTENT)).toBe(true);
  });
});

describe('a part is refused', () => {
  test.each([
    [
      'that leaves a gap',
      `bytes ${UNIT}-${2 * UNIT - 1}/*`,
      UNIT,
      503,
      'which exceeds already uploaded size of 0 byte(s)',
    ],
    [
      'that is too small and not the last',
      'bytes 0-99/*',
      100,
      400,
      'is required to be equal or greater than 262144',
    ],
    [
      'that is shorter than it says',
      `bytes 0-${UNIT - 1}/*`,
      5,
      400,
      'the request has 262144 byte(s), but its body has 5',
    ],
    ['whose range is none', 'bytes 9-1/*', 5, 400, 'Failed to parse Content-Range header'],
    ['whose header is none', 'lines 1-2', 5, 400, 'Failed to parse Content-Range header'],
    ['beyond the size', 'bytes 0-99/50', 100, 400, 'the final size of the upload is 50 byte(s)'],
  ])('%s, and the upload goes on', async (_, range, bytes, status, message) => {
    await using t = await uploads();
    const { session } = await t.begin();

    const refused = await t.put(session, range, CONTENT.subarray(0, bytes));
    const after = await t.put(session, undefined, CONTENT);

    expect([refused.status, refused.text]).toEqual([status, expect.stringContaining(message)]);
    expect(after.status).toBe(200);
  });

  test('when all of it is not of the size that was announced', async () => {
    await using t = await uploads();
    const { session } = await t.begin('name=big', {}, { 'x-upload-content-length': '5' });

    expect((await t.put(session, undefined, CONTENT)).status).toBe(400);
    expect(await t.describe()).toBe(404);
  });
});

test.each([
  ['without a name', '', {}, {}],
  ['with a size that is none', 'name=big', {}, { 'x-upload-content-length': 'many' }],
  ['with metadata that are none', 'name=big', { metadata: 'x' }, {}],
  ['with a type that is no header', 'name=big', { contentType: 'text/plain\r\nx: y' }, {}],
])('no upload begins %s', async (_, query, resource, headers) => {
  await using t = await uploads();

  expect((await t.begin(query, resource, headers)).status).toBe(400);
});
