import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { createRepository } from './repository.ts';

test('the repository of the demo has the same commits every time, so that images of an earlier run are found again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-repository-'));
  const pushes = async () => {
    const repository = await createRepository(join(folder, 'repository'), 'http://127.0.0.1:1');
    return [repository.first, await repository.push('01-habits-streak', 'Show streaks')];
  };

  const once = await pushes();

  expect(await pushes()).toEqual(once);
  await rm(folder, { recursive: true, force: true });
});
