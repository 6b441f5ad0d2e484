import { createServer } from 'node:http';
import { runInNewContext } from 'node:vm';

import { describe, expect, test } from '@jest/globals';

import { messageOf } from './index.ts';

describe('what was thrown is told', () => {
  test.each([
    { what: 'an error', thrown: new Error('no space'), said: 'no space' },
    {
      what: 'an error and its cause',
      thrown: new Error('cannot write', { cause: new Error('no space') }),
      said: 'cannot write: no space',
    },
    {
      what: 'a cause that the message repeats',
      thrown: new Error('cannot write: no space', { cause: new Error('no space') }),
      said: 'cannot write: no space',
    },
    { what: 'a text', thrown: 'no space', said: 'no space' },
    {
      what: 'an error of another realm and its cause',
      thrown: runInNewContext('new Error("cannot write", { cause: new Error("no space") })') as unknown,
      said: 'cannot write: no space',
    },
    {
      what: 'an error that has a code alone',
      thrown: new Error('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }),
      said: 'fetch failed: ECONNREFUSED',
    },
  ])('$what', ({ thrown, said }) => {
    expect(messageOf(thrown)).toBe(said);
  });
});

test('a connection that is refused says so', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));

  const thrown: unknown = await fetch(`http://127.0.0.1:${port}/`).catch((reason: unknown) => reason);

  expect(messageOf(thrown)).toBe(`fetch failed: connect ECONNREFUSED 127.0.0.1:${port}`);
});
