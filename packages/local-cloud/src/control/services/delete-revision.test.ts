import { expect, test } from '@jest/globals';

import { REVISION } from '../resources.ts';
import { performAll } from '../test-performer.ts';
import { snapshot, testWorld } from '../test-world.ts';
import type { World } from '../world.ts';
import { deleteRevision } from './revisions.ts';
import { updateService } from './services.ts';

const name = 'projects/p/locations/r/services/web';
const deployed = ['web-one', 'web-two', 'web-three'];

test.each([
  ['a revision that is to get traffic once the write is done', 'web-two'],
  ['a revision that has its traffic until the write is done', 'web-one'],
  ['the revision that was created last', 'web-three'],
])('(21) %s cannot be deleted', (_, revision) => {
  const world = worldWithThree();
  route(world, 'web-one');
  performAll(world);
  route(world, 'web-two');
  const before = snapshot(world);

  expect(() => remove(world, revision)).toThrow('cannot be deleted');
  expect(snapshot(world)).toEqual(before);
});

test('(21) a revision that neither is nor will be routed can be deleted', () => {
  const world = worldWithThree();
  route(world, 'web-one');
  performAll(world);

  remove(world, 'web-two');

  expect(world.revisions.has(`${name}/revisions/web-two`)).toBe(false);
});

function worldWithThree(): World {
  const world = testWorld();
  for (const revision of deployed) {
    const template = { revision, containers: [{ image: 'localhost/web' }] };
    write(world, { template });
    performAll(world);
  }
  return world;
}

function route(world: World, revision: string): void {
  write(world, { traffic: [{ type: REVISION, revision, percent: 100 }] });
}

function write(world: World, service: Parameters<typeof updateService>[1]['service']): void {
  updateService(world, {
    name,
    service,
    updateMask: Object.keys(service),
    validateOnly: false,
    allowMissing: true,
  });
}

function remove(world: World, revision: string): void {
  deleteRevision(world, { name: `${name}/revisions/${revision}`, validateOnly: false });
}
