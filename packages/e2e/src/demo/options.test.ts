import { describe, expect, test } from '@jest/globals';

import { parseOptions } from './options.ts';
import { stepTable } from './progress.ts';

describe('the command line of the demo', () => {
  test('takes values with and without an equals sign', () => {
    expect(parseOptions(['--headless', '--report', 'out.json', '--containers=process'])).toEqual({
      kind: 'options',
      options: { headless: true, report: 'out.json', containers: 'process' },
    });
  });

  test.each([
    [['--containers=podman'], '--containers must be "docker" or "process", got "podman"'],
    [['--report'], '--report needs a file name'],
    [['--quick'], 'expected --headless, --report or --containers, got "--quick"'],
  ])('%j is refused', (args, message) => {
    expect(parseOptions(args)).toEqual({ kind: 'wrong', message });
  });
});

test('the table shows each step, its seconds and what was seen', () => {
  const steps = [
    { name: 'Deliver', ok: true, seconds: 41.2, detail: '10 services' },
    { name: 'Roll back by hand', ok: false, seconds: 3, detail: 'nothing to go back to' },
  ];

  expect(stepTable(steps)).toBe(
    '  ✓ Deliver              41.2 s  10 services\n  ✗ Roll back by hand     3.0 s  nothing to go back to',
  );
});

test('the table is no wider than the terminal', () => {
  const steps = [{ name: 'Deliver', ok: true, seconds: 41.2, detail: 'ten services, built ten images' }];

  expect(stepTable(steps, 30)).toBe('  ✓ Deliver    41.2 s  ten se…');
});
