import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { checkEtag, etagOf } from './etag.ts';
import { microClock, timestamp } from './time.ts';

const name = 'projects/p/locations/r/services/web';

test('an etag is the update time as a proto timestamp and the name, as a published sample has it', () => {
  const micros = Date.parse('2025-11-12T14:55:25Z') * 1000 + 582_268;

  expect(etagOf(micros, name)).toBe(`"CN2_0sgGEODo0pUC/${Buffer.from(name).toString('base64url')}"`);
});

test('a stale etag is refused with both versions in microseconds', () => {
  const stale = etagOf(1_786_872_223_639_166, name);

  expect(() => {
    checkEtag(stale, { name, updateMicros: 1_786_872_645_876_013 });
  }).toThrow(
    "Conflict for resource 'web': version '1786872223639166' was specified but current version is '1786872645876013'.",
  );
});

test.each([undefined, ''])('no etag (%j) asks for nothing', (etag) => {
  expect(() => {
    checkEtag(etag, { name, updateMicros: 5 });
  }).not.toThrow();
});

test('text that is no etag is a conflict, and the message quotes it', () => {
  expect(() => {
    checkEtag('"nonsense"', { name, updateMicros: 5 });
  }).toThrow(`version '"nonsense"' was specified`);
});

test('two update times never share an etag, and each passes its own check', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 52), fc.nat(2 ** 52), (a, b) => {
      checkEtag(etagOf(a, name), { name, updateMicros: a });
      return (etagOf(a, name) === etagOf(b, name)) === (a === b);
    }),
  );
});

test('a clock that stands still or goes back still gives later and later times', () => {
  const times = [7, 7, 3];
  const clock = microClock(() => times.shift() ?? 0);

  expect([clock(), clock(), clock()]).toEqual([7000, 7001, 7002]);
});

test('a time is written with six digits of its second', () => {
  expect(timestamp(1_700_000_000_000_042)).toBe('2023-11-14T22:13:20.000042Z');
});
