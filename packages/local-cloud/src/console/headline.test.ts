import { expect, test } from '@jest/globals';

import { headline } from './headline.ts';
import { NIGHT, revisionOf, serviceOf } from './test-facts.ts';
import { NO_COUNTS } from './traffic-history.ts';

const busy = { ...NO_COUNTS, requests: 7 };
const spell = { sinceMs: NIGHT, lastMs: NIGHT + 10_000 };

test('a revision that answers with errors comes first, with since when, and leads to its log', () => {
  const services = [
    serviceOf({ name: 'api', state: { tone: 'bad', word: 'Not ready' }, message: 'it broke' }),
    serviceOf({ revisions: [revisionOf({ name: 'web-2', erring: spell, lastMinute: busy }), revisionOf()] }),
  ];

  expect(headline(services).map(({ tone, text }) => `${tone}: ${text}`)).toEqual([
    'bad: web-2 answers with errors since 02:14:05',
    'bad: api is not ready: it broke',
    'good: Requests arrive at web',
  ]);
  expect(headline(services)[0]?.path).toBe('/console/services/p/r/web?revision=web-2#log');
});

test('a service whose revision did not start leads to the log of that revision', () => {
  const failed = serviceOf({
    state: { tone: 'bad', word: 'Not ready' },
    message: "Revision 'web-2' is not ready",
    revisions: [revisionOf({ name: 'web-2' }), revisionOf()],
  });

  expect(headline([failed])[0]?.path).toBe('/console/services/p/r/web?revision=web-2#log');
});

test('the words stay while only the counts change, so that they are not spoken again and again', () => {
  const before = [serviceOf({ revisions: [revisionOf({ lastMinute: busy })] })];
  const after = [serviceOf({ revisions: [revisionOf({ lastMinute: { ...busy, requests: 900 } })] })];

  expect(headline(after)).toEqual(headline(before));
});

test('a service that is being changed says which revision is starting', () => {
  const starting = revisionOf({ name: 'web-2', state: { tone: 'busy', word: 'Starting' } });
  const service = serviceOf({ state: { tone: 'busy', word: 'Updating' }, revisions: [starting] });

  expect(headline([service]).map(({ text }) => text)).toEqual([
    'web is updating: web-2 is starting',
    'No request in the last minute',
  ]);
});

test.each([
  [1, 'Requests arrive at s0'],
  [3, 'Requests arrive at s0, s1, s2'],
  [4, 'Requests arrive at s0, s1, s2 and others'],
])('of %i services that get requests the names are told as long as they are few', (many, text) => {
  const services = Array.from({ length: many }, (_, index) =>
    serviceOf({ name: `s${index}`, revisions: [revisionOf({ lastMinute: busy })] }),
  );

  expect(headline(services).map((notice) => notice.text)).toEqual([text]);
});

test('a whole digest is cut, as it fills a line and says no more', () => {
  const message = `Image 'web@sha256:${'a'.repeat(64)}' not found.`;
  const service = serviceOf({ state: { tone: 'bad', word: 'Not ready' }, message });

  expect(headline([service])[0]?.text).toBe("web is not ready: Image 'web@sha256:aaaaaaaaaaaa…' not found.");
});

test('where nothing is there is nothing to say', () => {
  expect(headline([])).toEqual([]);
});
