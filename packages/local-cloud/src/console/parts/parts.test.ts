import { expect, test } from '@jest/globals';

import { NIGHT, revisionOf, textOf } from '../test-facts.ts';
import { NO_COUNTS } from '../traffic-history.ts';
import { type Bar, barsOf } from '../traffic-reading.ts';
import { conditionTable } from './conditions.ts';
import { errorsOf } from './errors-of.ts';
import { logLines } from './log-lines.ts';
import { requestChart } from './request-chart.ts';
import { shareBar } from './share-bar.ts';
import { table } from './table.ts';

test('a share is a bar and a number, and both the live and the desired are told while they differ', () => {
  expect(textOf(shareBar({ live: 20, desired: 20 }))).toBe('20 %');
  expect(textOf(shareBar({ live: 20, desired: 50 }))).toBe('20 % 50 % asked for');
  expect(shareBar({ live: 20, desired: 50 }).text).toContain('class="fill" width="20"');
});

test('a table tells its cells by name where rows become blocks', () => {
  const made = table({
    caption: 'Things',
    columns: [{ label: 'Name' }, { label: 'Count', kind: 'number' }],
    rows: [['one', 1]],
  });

  expect(made.text.replaceAll(/\s+/g, ' ')).toContain(
    '<th role="rowheader" scope="row">one</th> <td role="cell" class="number" data-label="Count"><div>1</div></td>',
  );
});

test('a table without rows is a sentence', () => {
  expect(textOf(table({ caption: 'Things', columns: [], rows: [], empty: 'No thing yet.' }))).toContain(
    'No thing yet.',
  );
});

test.each([
  ['none', {}, '0'],
  ['some that are over', { recent: { ...NO_COUNTS, requests: 8, errors: 1 } }, '1 12.5 %'],
  [
    'some that go on',
    {
      recent: { ...NO_COUNTS, requests: 100, errors: 12 },
      erring: { sinceMs: NIGHT, lastMs: NIGHT },
    },
    '12 12.0 % since 02:14:05',
  ],
])('errors: %s', (_, changes, said) => {
  expect(textOf(errorsOf(revisionOf(changes)))).toBe(said);
});

function chartOf(bars: readonly Bar[]) {
  return requestChart([{ revision: 'web-2', bars }], { barMs: 15_000, changesMs: [NIGHT - 15_000] });
}

const slots = [
  { startMs: NIGHT - 20_000, ...NO_COUNTS, requests: 30, errors: 0 },
  { startMs: NIGHT - 5_000, ...NO_COUNTS, requests: 10, errors: 4 },
];
const bars = barsOf(slots, { nowMs: NIGHT, bars: 60, barMs: 15_000 });

test('a chart says in words what it shows', () => {
  const said = textOf(chartOf(bars));

  expect(said).toContain('Requests and errors of web-2');
  expect(said).toContain('40 requests and 4 errors (10.0 %) in 15 min. The first error was at 02:14:00.');
  expect(said).toContain(
    'the tallest is 30 requests, the deepest 4 errors. A dotted line is a change of traffic.',
  );
});

test('requests stand on the line of a chart and errors hang below it', () => {
  const markup = chartOf(bars).text.replaceAll(/\s+/g, ' ');
  const heights = [
    ...markup.matchAll(/class="(requests|errors)" x="(\S+)" y="(\S+)" width="8" height="(\S+)"/g),
  ];

  expect(heights.map(([, kind, x, y, height]) => [kind, x, y, height])).toEqual([
    ['requests', '581', '0', '58'],
    ['requests', '591', '38.7', '19.3'],
    ['errors', '591', '59', '20.8'],
  ]);
});

test('the numbers of a chart stand in a table, minute by minute', () => {
  const said = textOf(chartOf(bars));

  expect(said).toContain('From web-2: requests web-2: errors');
  expect(said).toContain('02:14:00 10 4\n02:13:00 30 0\n02:12:00 0 0');
});

test('a log says of each line where it comes from, newest last', () => {
  const lines = [
    { timeMs: NIGHT, stream: 'system', text: 'Starting new instance.' },
    { timeMs: NIGHT + 1000, stream: 'stdout', text: 'listening' },
    { timeMs: NIGHT + 2000, stream: 'stderr', text: '<b>broken</b>' },
    { timeMs: NIGHT + 3000, stream: 'stdout', container: 'proxy', text: 'passing on' },
  ] as const;

  expect(textOf(logLines(lines, 'Log of web-1'))).toContain(
    '02:14:05 system Starting new instance.\n02:14:06 stdout listening\n02:14:07 stderr &lt;b&gt;broken&lt;/b&gt;\n02:14:08 proxy stdout passing on',
  );
});

test('of a long log the last lines are shown', () => {
  const lines = Array.from({ length: 1_234 }, (_, index) => ({
    timeMs: NIGHT,
    stream: 'stdout' as const,
    text: `line ${index}`,
  }));

  const said = textOf(logLines(lines, 'Log of web-1'));

  expect(said).toContain('The last 200 of 1,234 lines, newest last.');
  expect(said).not.toContain('line 1033\n');
  expect(said).toContain('line 1034\n');
  expect(said).toContain('line 1233');
});

test('a condition is told with its reason and its message', () => {
  const conditions = [
    {
      type: 'Active',
      state: 'CONDITION_FAILED',
      severity: 'INFO',
      revisionReason: 'RETIRED',
      message: 'Revision retired.',
      lastTransitionTime: new Date(NIGHT - 120_000).toISOString(),
    },
  ] as const;

  expect(textOf(conditionTable(conditions, NIGHT))).toContain(
    'Active ○ Failed 02:12:05 2 min ago RETIRED: Revision retired.',
  );
});
