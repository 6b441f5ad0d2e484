import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { UNBENT } from './bends.ts';
import { CloudError } from './cloud-error.ts';
import { etagOf } from './etag.ts';
import { executionView } from './jobs/execution-view.ts';
import { CLOUD_RUN_LIMITS } from './limits.ts';
import { listOperations } from './operations.ts';
import { revisionView } from './services/revision-view.ts';
import { serviceView } from './services/service-view.ts';
import { performAll } from './test-performer.ts';
import { events, requests, type Step } from './test-story.ts';
import { snapshot, testWorld } from './test-world.ts';
import type { World } from './world.ts';

const SMALL = {
  ...CLOUD_RUN_LIMITS,
  services: 2,
  revisions: 3,
  tags: 2,
  runningExecutions: 2,
  completedExecutions: 2,
};

const stories = fc.array(fc.oneof({ weight: 2, arbitrary: requests() }, { weight: 3, arbitrary: events() }), {
  maxLength: 40,
  size: 'max',
});

test('a request that is refused changes nothing', () => {
  const story = fc.array(fc.oneof({ weight: 3, arbitrary: requests() }, events()), {
    maxLength: 30,
    size: 'max',
  });
  fc.assert(
    fc.property(story, (steps) => {
      const world = smallWorld();
      for (const step of steps) {
        const before = snapshot(world);
        if (!isTaken(world, step)) expect(snapshot(world)).toEqual(before);
      }
    }),
    { numRuns: 100 },
  );
});

test('traffic is 100 % of revisions that exist, whatever happens', () => {
  holds((world) => {
    const wrong = [...world.services.values()].flatMap(({ name, spec, serving }) => [
      ...[spec.traffic, serving?.traffic ?? spec.traffic].filter((traffic) => sum(traffic) !== 100),
      ...[...(serving?.routes.targets ?? []), ...(serving?.routes.tags ?? [])]
        .filter(({ revision }) => !world.revisions.has(revision))
        .map((route) => ({ name, route })),
    ]);

    expect(wrong).toEqual([]);
  });
});

test('tags, revisions and completed executions stay within their quotas', () => {
  holds((world) => {
    const tags = [...world.services.values()].flatMap(({ tagMicros }) => Object.keys(tagMicros));
    const completed = [...world.executions.values()].filter(
      ({ completionMicros }) => completionMicros !== undefined,
    );

    expect(tags.length).toBeLessThanOrEqual(SMALL.tags);
    expect(completed.length).toBeLessThanOrEqual(SMALL.completedExecutions);
    expect(world.services.size).toBeLessThanOrEqual(SMALL.services);
  });
});

test('what has been observed is never newer than what was written', () => {
  holds((world) => {
    const ahead = [...world.services.values()].filter((one) => one.observedGeneration > one.generation);

    expect(ahead).toEqual([]);
  });
});

test('two states of a revision or of an execution that a client can tell apart have two etags, and so have two writes of a service', () => {
  fc.assert(
    fc.property(stories, (steps) => {
      const world = smallWorld();
      const seen = new Map<string, string>();
      for (const step of steps) {
        isTaken(world, step);
        for (const [etag, view] of views(world)) expect([etag, seen.get(etag) ?? view]).toEqual([etag, view]);
        for (const [etag, view] of views(world)) seen.set(etag, view);
      }
    }),
    { numRuns: 150 },
  );
});

test('every operation ends once all that was asked for has been answered', () => {
  fc.assert(
    fc.property(stories, (steps) => {
      const world = worldAfter(steps);
      performAll(world);

      expect(listOperations(world, 'projects/p/locations/r').filter(({ done }) => done !== true)).toEqual([]);
      expect([...world.services.values()].filter(({ progress }) => progress.kind === 'reconciling')).toEqual(
        [],
      );
    }),
    { numRuns: 300 },
  );
});

test('the same story at the same times makes the same world, byte for byte', () => {
  fc.assert(
    fc.property(stories, (steps) => {
      expect(JSON.stringify(snapshot(worldAfter(steps)))).toBe(JSON.stringify(snapshot(worldAfter(steps))));
    }),
    { numRuns: 100 },
  );
});

function holds(invariant: (world: World) => void): void {
  fc.assert(
    fc.property(stories, (steps) => {
      const world = smallWorld();
      for (const step of steps) {
        isTaken(world, step);
        invariant(world);
      }
    }),
    { numRuns: 200 },
  );
}

function smallWorld(): World {
  return testWorld({}, { ...UNBENT, limits: () => SMALL });
}

function worldAfter(steps: readonly Step[]): World {
  const world = smallWorld();
  for (const step of steps) isTaken(world, step);
  return world;
}

/** Whether the step was not refused. Anything but a refusal is a defect. */
function isTaken(world: World, step: Step): boolean {
  try {
    step(world);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof CloudError)) throw thrown;
    return false;
  }
}

function sum(traffic: readonly { readonly percent?: number }[] | undefined): number {
  return (traffic ?? []).reduce((total, { percent = 0 }) => total + percent, 0);
}

function views(world: World): readonly (readonly [etag: string, view: string])[] {
  return [
    ...[...world.revisions.values()].map((one) => [one, revisionView(world, one)] as const),
    ...[...world.executions.values()].map((one) => [one, executionView(one)] as const),
    ...[...world.services.values()].map((one) => [one, written(serviceView(world, one))] as const),
  ].map(([{ updateMicros, name }, view]) => [etagOf(updateMicros, name), JSON.stringify(view)]);
}

/** What a client has written of a service, as opposed to how far it has come. */
function written({ generation, template, traffic, labels }: ReturnType<typeof serviceView>): object {
  return { generation, template, traffic, labels };
}
