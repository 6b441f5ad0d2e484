import { describe, expect, test } from '@jest/globals';

import { testCloud } from '../test-client.ts';

interface Resource {
  readonly generation: string;
  readonly metageneration: string;
  readonly items?: readonly { readonly name: string }[];
  readonly prefixes?: readonly string[];
  readonly nextPageToken?: string;
  readonly error?: { readonly message: string; readonly errors: readonly object[] };
}

/** A cloud whose bucket `graphs` is written and read by raw requests. */
async function storage() {
  const t = await testCloud();
  const at = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(`${t.cloud.url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const json = async (method: string, path: string, body?: unknown) => {
    const response = await at(method, `/storage/v1/b/graphs${path}`, body);
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Resource };
  };
  return {
    ...t,
    at,
    json,
    write: async (name: string, content = 'content') => {
      const response = await at(
        'POST',
        `/upload/storage/v1/b/graphs/o?uploadType=media&name=${encodeURIComponent(name)}`,
        content,
      );
      return (await response.json()) as Resource;
    },
    [Symbol.asyncDispose]: t.cloud.close,
  };
}

const keysOf = ({ items = [], prefixes = [] }: Resource) => [...items.map(({ name }) => name), ...prefixes];

describe('a list', () => {
  test('shows what is below a delimiter as folders, counted and paged with the objects', async () => {
    await using t = await storage();
    await Promise.all(['a', 'b/1', 'b/2', 'c', 'd/1', 'e'].map((name) => t.write(name)));

    const first = await t.json('GET', '/o?delimiter=/&maxResults=2');
    const second = await t.json(
      'GET',
      `/o?delimiter=/&maxResults=2&pageToken=${first.body.nextPageToken ?? ''}`,
    );
    const third = await t.json(
      'GET',
      `/o?delimiter=/&maxResults=2&pageToken=${second.body.nextPageToken ?? ''}`,
    );

    expect([first, second, third].map(({ body }) => keysOf(body))).toEqual([['a', 'b/'], ['c', 'd/'], ['e']]);
    expect(third.body.nextPageToken).toBeUndefined();
  });

  test.each([
    ['prefix=b/', ['b/1', 'b/2/x']],
    ['prefix=b/&delimiter=/', ['b/1', 'b/2/']],
    ['startOffset=b&endOffset=c', ['b/1', 'b/2/x']],
    ['prefix=none', []],
  ])('by %s', async (query, expected) => {
    await using t = await storage();
    await Promise.all(['a', 'b/1', 'b/2/x', 'c'].map((name) => t.write(name)));

    expect(keysOf((await t.json('GET', `/o?${query}`)).body)).toEqual(expected);
  });

  test.each(['maxResults=many', 'pageToken=!'])('is refused with %s', async (query) => {
    await using t = await storage();
    await t.write('a');

    expect((await t.json('GET', `/o?${query}`)).status).toBe(400);
  });
});

describe('metadata', () => {
  test('are patched key by key, and what is null goes', async () => {
    await using t = await storage();
    await t.write('a');
    await t.json('PATCH', '/o/a', { cacheControl: 'no-store', metadata: { one: '1', two: '2' } });

    const patched = await t.json('PATCH', '/o/a', {
      cacheControl: null,
      metadata: { two: null, three: '3' },
    });
    const downloaded = await t.at('GET', '/storage/v1/b/graphs/o/a?alt=media');

    expect(patched.body).toMatchObject({ metageneration: '3', metadata: { one: '1', three: '3' } });
    expect(patched.body).not.toHaveProperty('cacheControl');
    expect([downloaded.headers.get('x-goog-meta-one'), downloaded.headers.get('x-goog-meta-two')]).toEqual([
      '1',
      null,
    ]);
  });

  test('are replaced by PUT', async () => {
    await using t = await storage();
    await t.write('a');
    await t.json('PATCH', '/o/a', { cacheControl: 'no-store', metadata: { one: '1' } });

    const replaced = await t.json('PUT', '/o/a', { contentType: 'text/css' });

    expect(replaced.body).toMatchObject({ contentType: 'text/css' });
    expect(replaced.body).not.toHaveProperty('metadata');
  });

  test('are changed only at the metageneration that is expected', async () => {
    await using t = await storage();
    await t.write('a');

    const stale = await t.json('PATCH', '/o/a?ifMetagenerationMatch=2', { cacheControl: 'no-store' });
    const right = await t.json('PATCH', '/o/a?ifMetagenerationMatch=1', { cacheControl: 'no-store' });
    const again = await t.json('PATCH', '/o/a?ifMetagenerationNotMatch=2', { cacheControl: 'x' });

    expect([stale.status, right.status, again.status]).toEqual([412, 200, 412]);
  });

  test.each([{ metadata: { a: 1 } }, { metadata: [] }, { contentType: 7 }, { cacheControl: 'a\nb' }, []])(
    '%j change nothing',
    async (patch) => {
      await using t = await storage();
      const before = await t.write('a');

      const refused = await t.json('PATCH', '/o/a', patch);

      expect(refused.status).toBe(400);
      expect((await t.json('GET', '/o/a')).body).toEqual(before);
    },
  );
});

describe('a download', () => {
  test.each([
    ['bytes=2-4', 206, 'cde', 'bytes 2-4/10'],
    ['bytes=8-', 206, 'ij', 'bytes 8-9/10'],
    ['bytes=-3', 206, 'hij', 'bytes 7-9/10'],
    ['bytes=5-100', 206, 'fghij', 'bytes 5-9/10'],
    ['lines=1-2', 200, 'abcdefghij', null],
    ['bytes=10-', 416, 'Request range not satisfiable', null],
  ])('of %s', async (range, status, content, contentRange) => {
    await using t = await storage();
    await t.write('a', 'abcdefghij');

    const part = await t.at('GET', '/storage/v1/b/graphs/o/a?alt=media', undefined, { range });

    expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([
      status,
      content,
      contentRange,
    ]);
  });

  test('of what the client has already is 304', async () => {
    await using t = await storage();
    const { generation } = await t.write('a');

    const known = await t.at('GET', `/storage/v1/b/graphs/o/a?alt=media&ifGenerationNotMatch=${generation}`);
    const old = await t.at('GET', '/storage/v1/b/graphs/o/a?alt=media&ifGenerationNotMatch=1');
    const wrong = await t.at('GET', '/storage/v1/b/graphs/o/a?ifGenerationMatch=1');

    expect([known.status, old.status, wrong.status]).toEqual([304, 200, 412]);
  });

  test('that fails says so as text, the description as JSON', async () => {
    await using t = await storage();
    await t.write('a');

    const download = await t.at('GET', '/storage/v1/b/graphs/o/none?alt=media');
    const description = await t.json('GET', '/o/none');

    expect([download.status, await download.text()]).toEqual([404, 'No such object: graphs/none']);
    expect(description.body).toEqual({
      error: {
        code: 404,
        message: 'No such object: graphs/none',
        errors: [{ message: 'No such object: graphs/none', domain: 'global', reason: 'notFound' }],
      },
    });
  });
});

test('another generation than the live one is not there', async () => {
  await using t = await storage();
  const { generation } = await t.write('a');

  const live = await t.json('GET', `/o/a?generation=${generation}`);
  const old = await t.json('DELETE', '/o/a?generation=1');

  expect([live.status, old.status, (await t.json('GET', '/o/a')).status]).toEqual([200, 404, 200]);
});

describe('objects are made of objects', () => {
  test('by composing', async () => {
    await using t = await storage();
    await t.write('a', 'one ');
    await t.write('b', 'two');

    const composed = await t.json('POST', '/o/c/compose', {
      sourceObjects: [{ name: 'a' }, { name: 'b' }],
      destination: { contentType: 'text/plain' },
    });
    const nothing = await t.json('POST', '/o/d/compose', { sourceObjects: [] });

    expect(composed.body).toMatchObject({ name: 'c', size: '7', contentType: 'text/plain' });
    expect(await (await t.at('GET', '/graphs/c')).text()).toBe('one two');
    expect(nothing.status).toBe(400);
  });

  test('by a rewrite, if neither the source nor what is replaced has changed', async () => {
    await using t = await storage();
    const { generation } = await t.write('a', 'one');
    const to = '/o/a/rewriteTo/b/other/o/copies%2Fa';

    const copied = await t.json('POST', `${to}?ifSourceGenerationMatch=${generation}&ifGenerationMatch=0`);
    const again = await t.json('POST', `${to}?ifGenerationMatch=0`);
    const changed = await t.json('POST', `${to}?ifSourceGenerationMatch=1`);

    expect(copied.body).toMatchObject({
      kind: 'storage#rewriteResponse',
      done: true,
      resource: { name: 'copies/a' },
    });
    expect([again.status, changed.status]).toEqual([412, 412]);
    expect(await (await t.at('GET', '/other/copies/a')).text()).toBe('one');
  });
});

test('what is no JSON, and what is no number, is refused as Cloud Storage does', async () => {
  await using t = await storage();
  await t.write('a');

  const noJson = await t.json('PATCH', '/o/a', '{');
  const noNumber = await t.json('GET', '/o/a?ifGenerationMatch=x');

  expect(noJson.body.error).toMatchObject({ message: 'Parse Error', errors: [{ reason: 'parseError' }] });
  expect(noNumber.body.error).toMatchObject({
    errors: [{ reason: 'invalidParameter', locationType: 'parameter', location: 'ifGenerationMatch' }],
  });
});

test('content that is not what its checksum says is not taken', async () => {
  await using t = await storage();
  const body = [
    '--edge',
    'Content-Type: application/json',
    '',
    JSON.stringify({ name: 'a', md5Hash: 'AAAA' }),
    '--edge',
    'Content-Type: text/plain',
    '',
    'content',
    '--edge--',
    '',
  ].join('\r\n');

  const refused = await t.at('POST', '/upload/storage/v1/b/graphs/o?uploadType=multipart', body, {
    'content-type': 'multipart/related; boundary=edge',
  });

  expect(refused.status).toBe(400);
  expect((await t.json('GET', '/o/a')).status).toBe(404);
});

test('a bucket is made once, described and removed when it is empty', async () => {
  await using t = await storage();
  const bucket = (method: string, path: string, body?: unknown) => t.at(method, `/storage/v1/b${path}`, body);

  const made = await bucket('POST', '', { name: 'graphs' });
  const again = await bucket('POST', '', { name: 'graphs' });
  const described = await bucket('GET', '/graphs');
  await t.write('a');
  const full = await bucket('DELETE', '/graphs');
  await t.json('DELETE', '/o/a');
  const empty = await bucket('DELETE', '/graphs');
  const gone = await bucket('GET', '/graphs');

  expect([made.status, again.status, described.status, full.status, empty.status, gone.status]).toEqual([
    200, 409, 200, 409, 204, 404,
  ]);
  expect(await described.json()).toMatchObject({ kind: 'storage#bucket', name: 'graphs' });
});

test.each(['a\nb', 'a\rb', 'a\0b', '.', '..', '.well-known/acme-challenge/x'])(
  'no object is called %j, as nobody could read it',
  async (name) => {
    await using t = await storage();

    const refused = await t.at(
      'POST',
      `/upload/storage/v1/b/graphs/o?uploadType=media&name=${encodeURIComponent(name)}`,
      'x',
    );

    expect(refused.status).toBe(400);
    expect((await t.at('GET', '/storage/v1/b/graphs')).status).toBe(404);
  },
);

test.each([{ storageClass: 'NOPE' }, { customTime: 'yesterday' }])(
  'an object does not become %j',
  async (settings) => {
    await using t = await storage();
    await t.write('a');
    const before = await t.json('GET', '/o/a');

    const patched = await t.json('PATCH', '/o/a', settings);
    const copied = await t.json('POST', '/o/a/rewriteTo/b/graphs/o/b', settings);

    expect([patched.status, copied.status]).toEqual([400, 400]);
    expect(await t.json('GET', '/o/a')).toEqual(before);
    expect((await t.json('GET', '/o/b')).status).toBe(404);
  },
);

test.each([
  [{ objectPreconditions: { ifGenerationMatch: '1' } }, 412],
  [{ objectPreconditions: { ifGenerationMatch: 'x' } }, 400],
  [{ generation: 'x' }, 400],
])('nothing is composed of a source with %j', async (source, status) => {
  await using t = await storage();
  await t.write('a');

  const refused = await t.json('POST', '/o/whole/compose', { sourceObjects: [{ name: 'a', ...source }] });

  expect(refused.status).toBe(status);
  expect((await t.json('GET', '/o/whole')).status).toBe(404);
});
