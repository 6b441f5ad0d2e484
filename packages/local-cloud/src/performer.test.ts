import { expect, test } from '@jest/globals';

import { template, to } from './behaviours/scene.ts';
import { getOperation } from './control/operations.ts';
import { getRevision } from './control/services/revisions.ts';
import { createService, deleteService, getService, updateService } from './control/services/services.ts';
import { testWorld } from './control/test-world.ts';
import type { World } from './control/world.ts';
import { echoDataPlane } from './data/index.ts';
import type { DataPlane } from './data-plane.ts';
import { type Performer, startPerformer } from './performer.ts';

const parent = 'projects/p/locations/r';
const name = `${parent}/services/web`;

test('a service that is made again waits with its revisions until the one of that name is gone', async () => {
  await using scene = await slowScene(['removeService']);
  create(scene.world);
  await scene.settled();
  deleteService(scene.world, { name, validateOnly: false });

  create(scene.world);
  scene.performer.perform();
  const during = scene.asked.filter((call) => call !== 'setRoutes');
  scene.release('removeService');
  await scene.settled();

  expect(during).toEqual(['startRevision', 'removeService']);
  expect(getService(scene.world, name).terminalCondition?.state).toBe('CONDITION_SUCCEEDED');
});

test('what comes of the start of a revision is not told to another of the same name', async () => {
  await using scene = await slowScene(['startRevision']);
  create(scene.world);
  scene.performer.perform();
  deleteService(scene.world, { name, validateOnly: false });
  create(scene.world);

  scene.release('startRevision');
  await scene.hasAsked('startRevision', 2);
  const meanwhile = getRevision(scene.world, `${name}/revisions/web-one`);
  scene.release('startRevision');
  await scene.settled();

  expect(meanwhile).toMatchObject({ reconciling: true });
  expect(getService(scene.world, name).terminalCondition?.state).toBe('CONDITION_SUCCEEDED');
});

test('changes of the routes of one service are made one after the other', async () => {
  await using scene = await slowScene(['setRoutes']);
  create(scene.world);
  scene.performer.perform();
  await scene.hasAsked('setRoutes', 1);

  const { name: operation } = updateService(scene.world, {
    name,
    service: { traffic: [to('web-one', 100)] },
    updateMask: ['traffic'],
    validateOnly: false,
    allowMissing: false,
  });
  scene.performer.perform();
  const during = scene.asked.filter((call) => call === 'setRoutes');
  scene.release('setRoutes');
  await scene.hasAsked('setRoutes', 2);
  scene.release('setRoutes');
  await scene.settled();

  expect(during).toEqual(['setRoutes']);
  expect(getOperation(scene.world, operation).done).toBe(true);
});

interface SlowScene extends AsyncDisposable {
  readonly world: World;
  readonly performer: Performer;
  /** The calls that the plane has got so far. */
  readonly asked: readonly string[];
  /** Lets the calls of a slow kind that wait go on. */
  readonly release: (call: keyof DataPlane) => void;
  /** Resolves when the plane has got a call so many times. */
  readonly hasAsked: (call: keyof DataPlane, times: number) => Promise<void>;
  readonly settled: () => Promise<void>;
}

/** A world over an echo plane whose calls of some kinds wait to be let go. */
async function slowScene(slow: readonly (keyof DataPlane)[]): Promise<SlowScene> {
  const echo = await echoDataPlane({ id: 'performer' });
  const asked: string[] = [];
  const waiting = new Map<string, (() => void)[]>();
  const watchers = new Set<() => void>();
  const held = async <T>(call: keyof DataPlane, work: () => Promise<T>): Promise<T> => {
    asked.push(call);
    const released = new Promise<void>((resolve) =>
      waiting.set(call, [...(waiting.get(call) ?? []), resolve]),
    );
    for (const look of watchers) look();
    if (slow.includes(call)) await released;
    return work();
  };
  const world = testWorld();
  const plane: DataPlane = {
    ...echo,
    hostUrl: echo.hostUrl,
    startRevision: (spec) => held('startRevision', () => echo.startRevision(spec)),
    setRoutes: (service, routes) => held('setRoutes', () => echo.setRoutes(service, routes)),
    removeService: (service) => held('removeService', () => echo.removeService(service)),
  };
  const performer = startPerformer(world, plane, (thrown) => {
    throw thrown;
  });
  return {
    world,
    performer,
    asked,
    release: (call) => {
      for (const go of waiting.get(call) ?? []) go();
      waiting.delete(call);
    },
    hasAsked: (call, times) =>
      new Promise((resolve) => {
        const look = () => {
          if (asked.filter((one) => one === call).length < times) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    settled: () => {
      performer.perform();
      return performer.idle();
    },
    [Symbol.asyncDispose]: echo.close,
  };
}

function create(world: World): void {
  createService(world, {
    parent,
    serviceId: 'web',
    service: { template: template('web-one') },
    validateOnly: false,
  });
}
