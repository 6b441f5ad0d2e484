import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { seededRandom } from '../data/index.ts';
import { killWhileWriting } from './test-kills.ts';

test('whatever was acknowledged is there after each of 20 kills in the middle of writing', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'fairlead-state-'));

  const { lost, writes } = await killWhileWriting(join(folder.path, 'state'), {
    times: 20,
    random: seededRandom(4),
  });

  expect(lost).toEqual([]);
  expect(writes).toBeGreaterThan(100);
}, 120_000);
