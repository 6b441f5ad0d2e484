import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { matches, parseFilter } from './index.ts';

const ENTRY = {
  severity: 'ERROR',
  timestamp: '2026-11-21T08:00:00.5Z',
  resource: { type: 'cloud_run_revision', labels: { service_name: 'web', revision_name: 'web-00001-abc' } },
  labels: { 'run.googleapis.com/execution_name': 'job-x', a: { b: '1' } },
  jsonPayload: { message: 'Connection refused', attempts: 12, tags: ['first', 'second'] },
  textPayload: 'it broke',
};
const SEVERITIES = ['DEFAULT', 'INFO', 'WARNING', 'ERROR'];

function fits(filter: string): boolean {
  return matches(parseFilter(filter), {
    read: (path) =>
      path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], ENTRY),
    rank: (path, text) => {
      if (path[0] === 'timestamp') return Date.parse(text);
      return path[0] === 'severity' ? SEVERITIES.indexOf(text) : undefined;
    },
    ignoresCase: true,
    everything: ENTRY,
  });
}

describe('a filter', () => {
  test.each([
    ['', true],
    ['resource.type="cloud_run_revision"', true],
    ['resource.type = cloud_run_job', false],
    ['resource.type="cloud_run_revision" AND resource.labels.service_name="api"', false],
    ['resource.type="cloud_run_revision" resource.labels.service_name="web"', true],
    ['resource.labels.service_name="api" OR resource.labels.service_name="web"', true],
    ['severity="INFO" OR severity="ERROR" AND textPayload:"nothing"', false],
    ['severity="INFO" OR (severity="ERROR" AND textPayload:"broke")', true],
    ['NOT severity="INFO"', true],
    ['-severity="ERROR"', false],
    ['severity>=WARNING', true],
    ['severity=(INFO OR ERROR)', true],
    ['severity<ERROR', false],
    ['labels."run.googleapis.com/execution_name"="job-x"', true],
    ['labels.a."b"="1"', true],
    ['timestamp>"2026-11-21T07:59:59Z" timestamp<="2026-11-21T09:00:00.5+01:00"', true],
    ['timestamp>"2026-11-21T08:00:00.5Z"', false],
    ['textPayload:"BROKE"', true],
    ['textPayload=~"^it b"', true],
    ['textPayload!~"^it b"', false],
    ['jsonPayload.message:refused', true],
    ['jsonPayload.attempts>9', true],
    ['jsonPayload.attempts>=12.5', false],
    ['jsonPayload.tags:second', true],
    ['jsonPayload:*', true],
    ['httpRequest:*', false],
    ['httpRequest.status!=200', false],
    ['"connection refused"', true],
    ['"something else"', false],
    ['resource.labels.revision_name = starts_with("web-")', true],
    ['resource.labels.revision_name = one_of("a", "b")', false],
    ['resource.labels.revision_name != one_of("a", "b")', true],
    ['severity="ERROR" -- and a remark\nresource.type="cloud_run_revision"', true],
    ["textPayload='it broke'", true],
    ['textPayload=~"(?i)IT BR[[:alpha:]]+$"', true],
    ['textPayload=monitoring.regex.full_match("it|it broke")', true],
    ['textPayload=monitoring.regex.full_match("it b")', false],
  ])('%s: %p', (filter, expected) => {
    expect(fits(filter)).toBe(expected);
  });

  test.each([
    ['severity=', 'syntax error at line 1, column 10, the end of the filter'],
    ['severity=ERROR )', "syntax error at line 1, column 16, token ')'"],
    ['(severity=ERROR', 'syntax error at line 1, column 16, the end of the filter'],
    ['a="x" AND\n= "y"', "syntax error at line 2, column 1, token '='"],
    ['a = "unclosed', `syntax error at line 1, column 5, token '"'`],
    ['a..b = 1', "syntax error at line 1, column 6, token '='"],
    ['a = f("x"', 'syntax error at line 1, column 10, the end of the filter'],
    ['('.repeat(10_000), "syntax error at line 1, column 102, token '('"],
    ['textPayload=~"("', '"(" is no regular expression'],
    ['absent.field=~"["', '"[" is no regular expression'],
    ['a = monitoring.regex.full_match("[")', '"[" is no regular expression'],
    ['textPayload=upper("x")', 'function "upper" is not known'],
  ])('that is none says where and why: %#', (filter, message) => {
    expect(() => fits(filter)).toThrow(expect.objectContaining({ name: 'FilterError', message }));
  });

  test('with a regular expression that goes back for ever elsewhere takes no time', () => {
    const filter = parseFilter('text=~"^(a+)+$"');

    expect(matches(filter, { read: () => `${'a'.repeat(20_000)}!` })).toBe(false);
  });

  test('of any text is parsed or refused, never a crash', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(...'a . : = < > ! ~ ( ) " , - \\ AND OR NOT'.split(' '), ' ', "'"),
        }),
        (text) => {
          expect(outcomeOf(text)).toMatch(/^(parsed|FilterError)$/);
        },
      ),
    );
  });
});

function outcomeOf(text: string): string {
  try {
    fits(text);
    return 'parsed';
  } catch (thrown) {
    return thrown instanceof Error ? thrown.name : 'no error';
  }
}
