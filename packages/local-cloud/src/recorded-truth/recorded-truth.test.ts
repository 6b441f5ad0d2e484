import { readdirSync, readFileSync } from 'node:fs';

import { beforeAll, expect, test } from '@jest/globals';

import { startLocalCloud } from '../local-cloud.ts';
import { agreementOf, type Difference, differencesOf } from './differences.ts';
import { readRecording } from './read-recording.ts';
import { type Compared, replay } from './replay.ts';

const testdata = new URL('../../testdata/', import.meta.url);
const folder = new URL('cloud-run-http-logs/', testdata);
const recordings = readdirSync(folder).filter((name) => name.endsWith('.http.log'));
let compared: readonly Compared[] = [];

beforeAll(async () => {
  const all = await Promise.all(
    recordings.map(async (name) => {
      await using cloud = await startLocalCloud({ containers: 'none' });
      return await replay(cloud, readRecording(read(new URL(name, folder)), 'run.googleapis.com'));
    }),
  );
  compared = all.flat();
});

test('at least 95 % of all recorded keys, types and values are those of the local cloud', () => {
  const { recorded, equal } = agreementOf(compared);
  const percent = (100 * equal) / recorded;
  process.stdout.write(
    `recorded truth: ${equal} of ${recorded} recorded keys equal (${percent.toFixed(2)} %), ${compared.length} answers, ${recordings.length} recordings\n`,
  );

  expect(recordings).toHaveLength(14);
  expect(compared).toHaveLength(126);
  expect(percent).toBeGreaterThanOrEqual(95);
});

test('the local cloud differs from the recordings in what known-differences.json gives a reason for, and in nothing else', () => {
  expect(differencesOf(compared)).toEqual(knownDifferences());
});

test('every known difference has a reason', () => {
  expect(readKnown().filter(({ reason }) => reason.length < 20)).toEqual([]);
});

function read(file: URL): string {
  return readFileSync(file, 'utf8');
}

interface Known {
  readonly reason: string;
  readonly differences: readonly Difference[];
}

function readKnown(): readonly Known[] {
  return JSON.parse(read(new URL('known-differences.json', testdata))) as readonly Known[];
}

function knownDifferences(): readonly Difference[] {
  const texts = readKnown().flatMap(({ differences }) => differences.map((one) => JSON.stringify(one)));
  return texts.sort().map((text) => JSON.parse(text) as Difference);
}
