import { expect, test } from '@jest/globals';

import { excerpt } from './index.ts';

test.each([
  ['postgres://app:hunter2@db/main', 'postgres://app:***@db/main'],
  ['{"db_password": "hunter2", "status": "up"}', '{"db_password": ***, "status": "up"}'],
  ['Authorization: Bearer abcdef123456', 'Authorization: Bearer ***'],
  ['api-key=abc123; region=us', 'api-key=***; region=us'],
  ['line one\n  line two', 'line one line two'],
  ['', '(empty body)'],
])('%j is shown as %j', (body, shown) => {
  expect(excerpt(body)).toBe(shown);
});

test('a long body is cut at 300 characters and says how long it was', () => {
  expect(excerpt('x'.repeat(1000))).toBe(`${'x'.repeat(300)}… (1000 characters)`);
});
