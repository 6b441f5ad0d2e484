import { systemClock } from '@fairlead/action-kit';
import { expect, test } from '@jest/globals';

import { testWorld } from '../control/test-world.ts';
import { echoDataPlane } from '../data/index.ts';
import { startPerformer } from '../performer.ts';
import { transition } from './cloud.ts';

test('what cannot be kept is answered UNAVAILABLE over either surface, and is no defect', async () => {
  const plane = await echoDataPlane({ id: 'full' });
  const world = testWorld();
  const cloud = {
    world,
    performer: startPerformer(world, plane, () => undefined),
    clock: systemClock,
    commit: () => {
      throw new Error('state file "x" cannot be written: no space left on device');
    },
  };

  const write = () => transition(cloud, () => 'done');

  expect(write).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
  expect(write).toThrow('no space left on device');
  await plane.close();
});
