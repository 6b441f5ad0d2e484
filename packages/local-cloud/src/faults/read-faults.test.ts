import { expect, test } from '@jest/globals';

import { testCloud } from '../test-client.ts';

test.each([
  [
    'an unknown field',
    { match: {}, effect: 'drop-reply', tiems: 3 },
    'fault.tiems is not a field of a fault with effect "drop-reply"; its fields are match, effect, nth, times, every',
  ],
  [
    'a field of another effect',
    { match: {}, effect: 'delay', delayMs: 1, exitCode: 2 },
    'fault.exitCode is not a field of a fault with effect "delay"',
  ],
  [
    'a misspelt effect',
    { match: {}, effect: 'drop-replies' },
    'fault.effect must be one of fail-before, drop-reply,',
  ],
  ['no effect', { match: {} }, 'fault.effect must be one of'],
  ['no match', { effect: 'status' }, 'fault.match must be an object, got undefined'],
  [
    'an unknown match',
    { match: { verb: 'GET' }, effect: 'status' },
    'fault.match.verb cannot be matched by effect "status", which knows method, path, rpc',
  ],
  [
    'a match of another effect',
    { match: { image: 'web' }, effect: 'drop-reply' },
    'fault.match.image cannot be matched by effect "drop-reply"',
  ],
  [
    'a match that is no expression',
    { match: { path: '(' }, effect: 'status' },
    'fault.match.path must be a regular expression, got "("',
  ],
  [
    'a field that the effect needs',
    { match: {}, effect: 'delay' },
    'fault.delayMs must be given with effect "delay"',
  ],
  [
    'half a call',
    { match: {}, effect: 'drop-reply', nth: 1.5 },
    'fault.nth must be a whole number from 1, got 1.5',
  ],
  [
    'no calls at all',
    { match: {}, effect: 'drop-reply', times: 0 },
    'fault.times must be a whole number from 1, got 0',
  ],
  [
    'a status that is no failure',
    { match: {}, effect: 'status', status: 200 },
    'fault.status must be an HTTP code from 400 to 599, got 200',
  ],
  [
    'a limit that there is not',
    { match: {}, effect: 'quota', limits: { tag: 3 } },
    'fault.limits.tag is no limit; limits are services, jobs, revisions, tags,',
  ],
  [
    'the second of a list',
    [
      { match: {}, effect: 'restart' },
      { match: {}, effect: 'restart', n: 1 },
    ],
    'faults[1].n is not a field',
  ],
  ['a text', '"drop-reply"', 'fault must be an object'],
])('%s is refused by its name, and nothing is put in force', async (_, fault, message) => {
  await using t = await testCloud();

  const answer = await fetch(`${t.cloud.url}/-/faults`, { method: 'POST', body: JSON.stringify(fault) });
  const body = (await answer.json()) as { readonly error: { readonly message: string } };

  expect(answer.status).toBe(400);
  expect(body.error.message).toContain(message);
  expect(t.cloud.faults()).toEqual([]);
});

test('a misspelt fault is refused in TypeScript as it is over HTTP', async () => {
  await using t = await testCloud();
  const misspelt = { match: {}, effect: 'drop-reply', nht: 2 } as const;

  expect(() => t.cloud.addFaults(misspelt)).toThrow('faults[0].nht is not a field');
});
