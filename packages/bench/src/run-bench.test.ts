import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from '@jest/globals';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

test.each(['start', 'control-plane', 'router', 'store'])(
  'the bench "%s" says in lines of JSON what it measured, beside what, and what is to be reached',
  async (name) => {
    const { stdout } = await promisify(execFile)(process.execPath, [main, '--tiny', name]);

    const measured = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(measured).toContainEqual({
      name: expect.any(String),
      value: expect.any(Number),
      unit: expect.any(String),
      peer: { what: expect.any(String), value: expect.any(Number) },
      ratio: expect.any(Number),
      reach: expect.any(Object),
      met: expect.any(Boolean),
    });
  },
  60_000,
);

test('a bench of what nobody promised has no reach', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [main, '--tiny', 'state']);

  expect(JSON.parse(stdout)).toEqual({
    name: 'calls with a state file',
    value: expect.any(Number),
    unit: '1/s',
    peer: { what: 'without one', value: expect.any(Number) },
    ratio: expect.any(Number),
  });
}, 60_000);

test('a bench that is not known is named with those that are', async () => {
  const run = promisify(execFile)(process.execPath, [main, 'nothing']);

  await expect(run).rejects.toMatchObject({
    code: 2,
    stderr:
      'bench: expected one or more of start, control-plane, router, store, state, actions, or nothing for all, got "nothing"\n',
  });
});
