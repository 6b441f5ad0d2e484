import { expect, test } from '@jest/globals';

import { instancesChanged } from '../control/services/instances.ts';
import type { Service } from '../control/resources.ts';
import { getRevision } from '../control/services/revisions.ts';
import { createService } from '../control/services/services.ts';
import { performAll } from '../control/test-performer.ts';
import { testWorld } from '../control/test-world.ts';
import type { World } from '../control/world.ts';
import { echoDataPlane } from '../data/index.ts';
import type { DataPlane, InstanceCount } from '../data-plane.ts';
import { startPerformer } from '../performer.ts';
import { conditionsOf, template } from './scene.ts';

const parent = 'projects/p/locations/r';
const revision = `${parent}/services/web/revisions/web-one`;

test('(26) a revision that is routed is warming until as many instances are ready as are wanted', () => {
  const world = worldWithMinimum();

  const before = minimum(world);
  instancesChanged(world, revision, { warm: 1, wanted: 3 });
  const during = minimum(world);
  instancesChanged(world, revision, { warm: 3, wanted: 3 });

  expect([before, during, minimum(world)]).toEqual([
    'SUCCEEDED',
    'RECONCILING MIN_INSTANCES_WARMING',
    'SUCCEEDED',
  ]);
});

test('(26) a revision whose wanted number rises with its traffic is warming again, under another etag', () => {
  const world = worldWithMinimum();
  instancesChanged(world, revision, { warm: 3, wanted: 3 });
  const { etag } = view(world);

  instancesChanged(world, revision, { warm: 3, wanted: 5 });

  expect(minimum(world)).toBe('RECONCILING MIN_INSTANCES_WARMING');
  expect(view(world).etag).not.toBe(etag);
});

test('(26) what the data plane tells of instances is what a client reads', async () => {
  let tell: (count: InstanceCount) => void = () => undefined;
  await using opened = new AsyncDisposableStack();
  const echo = opened.adopt(await echoDataPlane({ id: 'instances' }), (plane) => plane.close());
  const world = testWorld();
  const plane: DataPlane = {
    ...echo,
    hostUrl: echo.hostUrl,
    watchInstances: (listener) => {
      tell = listener;
      return () => undefined;
    },
  };
  const performer = startPerformer(world, plane, (thrown) => {
    throw thrown;
  });
  createWithMinimum(world);
  performer.perform();
  await performer.idle();

  tell({ revision, warm: 2, wanted: 3 });
  const during = minimum(world);
  tell({ revision, warm: 3, wanted: 3 });

  expect([during, minimum(world)]).toEqual(['RECONCILING MIN_INSTANCES_WARMING', 'SUCCEEDED']);
});

test('(26) instances of a revision that is gone are nothing to know', () => {
  const world = testWorld();

  instancesChanged(world, revision, { warm: 1, wanted: 1 });

  expect(world.revisions.size).toBe(0);
});

function worldWithMinimum(): World {
  const world = testWorld();
  createWithMinimum(world);
  performAll(world);
  return world;
}

function createWithMinimum(world: World): void {
  const service: Service = { template: template('web-one', { scaling: { minInstanceCount: 3 } }) };
  createService(world, { parent, serviceId: 'web', service, validateOnly: false });
}

function view(world: World): Service {
  return getRevision(world, revision);
}

function minimum(world: World): string | undefined {
  return conditionsOf({ conditions: view(world).conditions ?? [] })['MinInstancesProvisioned'];
}
