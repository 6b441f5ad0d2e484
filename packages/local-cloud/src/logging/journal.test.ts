import { expect, test } from '@jest/globals';

import type { RequestRecord } from '../data/index.ts';
import { journal } from './journal.ts';

const line = (text: string, timeMs = 1_000) => ({ timeMs, stream: 'stdout' as const, text });
const textsOf = (kept: ReturnType<typeof journal>) =>
  kept.entries().flatMap((entry) => (entry.kind === 'line' ? [entry.line.text] : []));

test('lines of one millisecond, and of a clock that went back, have times in the order in which they came', () => {
  const kept = journal();

  kept.append('a', line('1', 1_000));
  kept.append('a', line('2', 1_000));
  kept.append('b', line('3', 900));
  kept.append('b', line('4', 1_002));

  expect(kept.entries().map(({ micros }) => micros)).toEqual([1_000_000, 1_000_001, 1_000_002, 1_002_000]);
});

test('the oldest lines go first when there are too many', () => {
  const kept = journal({ lines: { entries: 3, bytes: 1_000 } });

  ['1', '2', '3', '4', '5', '6', '7', '8'].forEach((text) => {
    kept.append('a', line(text));
  });

  expect(textsOf(kept)).toEqual(['6', '7', '8']);
});

test('and when they are too long', () => {
  const kept = journal({ lines: { entries: 100, bytes: 10 } });

  ['1234', '5678', '90ab'].forEach((text) => {
    kept.append('a', line(text));
  });

  expect(textsOf(kept)).toEqual(['5678', '90ab']);
});

const request = (url: string, timeMs = 1_000): RequestRecord => ({
  timeMs,
  method: 'GET',
  url,
  status: 200,
  sizes: { request: 1, response: 1 },
  userAgent: undefined,
  referer: undefined,
  instance: undefined,
  said: undefined,
  remoteIp: '127.0.0.1',
  latencyMs: 1,
  protocol: 'HTTP/1.1',
  trace: { id: '1'.repeat(32), span: '2'.repeat(16), isSampled: false },
});

test('requests are among the lines in the order in which they came', () => {
  const kept = journal();

  kept.appendRequest('a', request('/1'));
  kept.append('a', line('2'));
  kept.appendRequest('a', request('/3'));
  kept.appendRequest('a', request('/4'));
  kept.append('a', line('5'));
  kept.appendRequest('a', request('/6'));

  expect(
    kept.entries().map((entry) => (entry.kind === 'line' ? entry.line.text : entry.request.url)),
  ).toEqual(['/1', '2', '/3', '/4', '5', '/6']);
});

test('any number of requests drives no line out', () => {
  const kept = journal({ lines: { entries: 2, bytes: 100 }, requests: { entries: 3, bytes: 100_000 } });
  kept.append('a', line('kept'));

  ['/1', '/2', '/3', '/4', '/5', '/6'].forEach((url) => {
    kept.appendRequest('a', request(url));
  });

  expect(textsOf(kept)).toEqual(['kept']);
  expect(kept.entries().flatMap((entry) => (entry.kind === 'request' ? [entry.request.url] : []))).toEqual([
    '/4',
    '/5',
    '/6',
  ]);
});

test('requests with long addresses take no more room than they may', () => {
  const kept = journal({ requests: { entries: 100, bytes: 1_000 } });

  ['/1', '/2'].forEach((url) => {
    kept.appendRequest('a', request(url.padEnd(400, 'x')));
  });

  expect(kept.entries()).toHaveLength(1);
});
