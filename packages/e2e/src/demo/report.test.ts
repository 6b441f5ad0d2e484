import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { Missing } from './missing.ts';
import { type Report, writeReport } from './report.ts';

const REPORT: Report = {
  ok: true,
  containers: 'process',
  steps: [{ name: 'Deliver everything', ok: true, seconds: 27.2, detail: '10 services' }],
  requests: { total: 1658, failed: 0 },
};

test('a report is the JSON that was promised', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-report-'));
  const file = join(folder, 'demo.json');

  await writeReport(file, REPORT);

  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(REPORT);
  await rm(folder, { recursive: true });
});

test('a report that cannot be written is named before anything else is done', async () => {
  const writing = writeReport('/no/such/folder/demo.json', REPORT);

  await expect(writing).rejects.toThrow(Missing);
  await expect(writing).rejects.toThrow('expected to write the report to "/no/such/folder/demo.json"');
});
