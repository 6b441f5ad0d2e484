import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { getOperation, type Operation } from '../operations.ts';
import { LATEST, REVISION, type Service, type TrafficTarget } from '../resources.ts';
import type { StartReport } from '../revision-failures.ts';
import { snapshot, testWorld } from '../test-world.ts';
import type { World } from '../world.ts';
import { revisionStarted, routed } from './reconcile.ts';
import { getRevision } from './revisions.ts';
import { createService, getService, updateService } from './services.ts';

const parent = 'projects/p/locations/r';
const name = `${parent}/services/web`;
const crash: StartReport = { kind: 'failed', reason: 'HEALTH_CHECK_CONTAINER_ERROR', message: 'It crashed.' };

test('a failed revision leaves the traffic, the observed generation and the ready revision as they were', () => {
  const world = worldWithWeb();

  const operation = patch(world, { template: revision('web-two') });
  perform(world, crash);

  expect(getOperation(world, operation.name).error).toEqual({
    code: 9,
    message: expect.stringMatching(
      /^Revision 'web-two' is not ready and cannot serve traffic\. It crashed\. Logs for this revision/,
    ),
  });
  expect(getService(world, name)).toMatchObject({
    generation: '2',
    observedGeneration: '1',
    trafficStatuses: [{ type: LATEST, percent: 100 }],
    latestReadyRevision: `${name}/revisions/web-one`,
    latestCreatedRevision: `${name}/revisions/web-two`,
    terminalCondition: { state: 'CONDITION_FAILED', revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR' },
    conditions: [
      { type: 'RoutesReady', state: 'CONDITION_SUCCEEDED' },
      { type: 'ConfigurationsReady', state: 'CONDITION_FAILED', reason: 'REVISION_FAILED' },
    ],
  });
});

test('a traffic write back to a good revision works while the newest one is failed', () => {
  const world = worldWithWeb();
  patch(world, { template: revision('web-two') });
  perform(world, crash);

  const operation = patch(world, { traffic: [{ type: REVISION, revision: 'web-one', percent: 100 }] });
  perform(world);

  expect(getOperation(world, operation.name)).toMatchObject({ done: true, response: { generation: '3' } });
});

test('a write that brings the failed template again gets the old failure again', () => {
  const world = worldWithWeb();
  patch(world, { template: revision('web-two') });
  perform(world, crash);

  const operation = patch(world, { template: revision('web-two') });

  expect(getOperation(world, operation.name).error?.message).toContain('It crashed.');
  expect(world.commands).toEqual([]);
});

test('a write that is overtaken while its revision starts is judged by that revision', () => {
  const world = worldWithWeb();
  const deploy = patch(world, { template: revision('web-two') });
  const shift = patch(world, { traffic: [{ type: REVISION, revision: 'web-one', percent: 100 }] });
  const start = world.commands.shift();
  perform(world);

  expect(getOperation(world, shift.name).done).toBe(true);
  expect(getOperation(world, deploy.name).done).toBeUndefined();

  expect(start?.kind).toBe('start-revision');
  revisionStarted(world, `${name}/revisions/web-two`, crash);

  expect(getOperation(world, deploy.name).error?.code).toBe(9);
});

test('traffic to a revision that does not exist fails in the operation, not in the call', () => {
  const world = worldWithWeb();

  const operation = patch(world, { traffic: [{ type: REVISION, revision: 'web-gone', percent: 100 }] });

  expect(getOperation(world, operation.name).error).toEqual({
    code: 13,
    message:
      "Revision 'web-gone' does not exist or is deleted. Update all traffic to route to currently available revisions.",
  });
  expect(getService(world, name).trafficStatuses).toEqual([{ type: LATEST, percent: 100 }]);
});

test('a revision name is taken by its configuration', () => {
  const world = worldWithWeb();
  const before = snapshot(world);

  expect(() => patch(world, { template: revision('web-one', 'localhost/other') })).toThrow(
    "Revision named 'web-one' with different configuration already exists.",
  );
  expect(snapshot(world)).toEqual(before);
});

test('the same name with the same configuration makes no revision', () => {
  const world = worldWithWeb();

  patch(world, { template: revision('web-one') });
  perform(world);

  expect(world.revisions.size).toBe(1);
  expect(getService(world, name).terminalCondition?.state).toBe('CONDITION_SUCCEEDED');
});

test('an older revision of the same name and configuration is taken up again', () => {
  const world = worldWithWeb();
  patch(world, { template: revision('web-two') });
  perform(world);

  patch(world, { template: revision('web-one') });
  perform(world);

  expect(world.revisions.size).toBe(2);
  expect(getService(world, name).latestReadyRevision).toBe(`${name}/revisions/web-one`);
});

test('a change of scaling with the old revision name left in the template is refused', () => {
  const world = worldWithWeb();

  expect(() =>
    patch(world, { template: { ...revision('web-one'), scaling: { maxInstanceCount: 3 } } }),
  ).toThrow('with different configuration already exists');
});

test('a revision without traffic and tag is ready and retired', () => {
  const world = worldWithWeb();

  patch(world, {
    template: revision('web-two'),
    traffic: [{ type: REVISION, revision: 'web-one', percent: 100 }],
  });
  perform(world);

  expect(conditions(world, 'web-two')).toEqual({
    Ready: 'CONDITION_SUCCEEDED RETIRED',
    ContainerReady: 'CONDITION_SUCCEEDED',
    ContainerHealthy: 'CONDITION_SUCCEEDED',
    ResourcesAvailable: 'CONDITION_RECONCILING RETIRED',
    Active: 'CONDITION_FAILED RETIRED',
    MinInstancesProvisioned: 'CONDITION_FAILED MIN_INSTANCES_NOT_PROVISIONED',
  });
});

test('a tag alone keeps a revision active', () => {
  const world = worldWithWeb();

  patch(world, {
    template: revision('web-two'),
    traffic: [
      { type: REVISION, revision: 'web-one', percent: 100 },
      { type: REVISION, revision: 'web-two', tag: 'c-1' },
    ],
  });
  perform(world);

  expect(conditions(world, 'web-two')).toMatchObject({ Active: 'CONDITION_SUCCEEDED' });
});

test('a secret that is not there fails the revision with the words of Cloud Run', () => {
  const world = testWorld();
  const secretKeyRef = { secret: 'database-url', version: 'latest' };

  const operation = create(world, {
    template: {
      revision: 'web-one',
      containers: [
        { image: 'localhost/web', env: [{ name: 'DATABASE_URL', valueSource: { secretKeyRef } }] },
      ],
    },
  });

  expect(getOperation(world, operation.name).error?.message).toMatch(
    /^Revision 'web-one' is not ready and cannot serve traffic\. spec\.template\.spec\.containers\[0\]\.env\[0\]\.value_from\.secret_key_ref\.name: Secret projects\/\d+\/secrets\/database-url\/versions\/latest was not found$/,
  );
  expect(getRevision(world, `${name}/revisions/web-one`)).toMatchObject({
    conditions: [{ type: 'Ready', reason: 'SECRETS_ACCESS_CHECK_FAILED' }, { type: 'ContainerReady' }],
  });
});

test('secrets reach the container as variables and files', () => {
  const world = testWorld({ key: 'sesame' });
  const secretKeyRef = { secret: 'projects/p/secrets/key' };

  create(world, {
    template: {
      containers: [
        {
          image: 'localhost/web',
          env: [{ name: 'KEY', valueSource: { secretKeyRef } }],
          volumeMounts: [{ name: 'keys', mountPath: '/secrets/keys' }],
        },
      ],
      volumes: [{ name: 'keys', secret: { secret: 'key', items: [{ path: 'key.pem', version: '1' }] } }],
    },
  });

  expect(world.commands).toMatchObject([
    { spec: { env: { KEY: 'sesame' }, files: { '/secrets/keys/key.pem': 'sesame' } } },
  ]);
});

test('validateOnly answers an operation that nobody can ask for, and changes nothing', () => {
  const world = worldWithWeb();
  const before = snapshot(world);

  const operation = updateService(world, {
    name,
    service: { template: revision('web-two') },
    validateOnly: true,
    allowMissing: false,
  });

  expect(() => getOperation(world, operation.name)).toThrow(`of kind 'OPERATION'`);
  expect(snapshot(world)).toEqual(before);
});

test('a mask changes what it names and clears what the body lacks', () => {
  const world = worldWithWeb();
  patch(world, { labels: { team: 'a' }, annotations: { note: 'b' } });

  updateService(world, {
    name,
    service: { labels: { team: 'c' } },
    updateMask: ['labels', 'annotations'],
    validateOnly: false,
    allowMissing: false,
  });

  expect(getService(world, name)).toMatchObject({ labels: { team: 'c' } });
  expect(getService(world, name).annotations).toBeUndefined();
});

const percents = fc.array(fc.integer({ min: -5, max: 120 }), { minLength: 1, maxLength: 5 });

test('whatever is asked, the traffic of a service sums to 100 and what is refused changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(percents, fc.constant([40, 60]), fc.constant([100, 0]))), (writes) => {
      const world = worldWithWeb();
      for (const write of writes) {
        const before = snapshot(world);
        const accepted = tryPatch(world, write.map(target));
        if (!accepted) expect(snapshot(world)).toEqual(before);
        perform(world);
        const { traffic = [], trafficStatuses = [] } = getService(world, name);
        expect([sum(traffic), sum(trafficStatuses)]).toEqual([100, 100]);
      }
    }),
    { numRuns: 200 },
  );
});

function target(percent: number, index: number): TrafficTarget {
  return index === 0 ? { type: LATEST, percent } : { type: REVISION, revision: 'web-one', percent };
}

function tryPatch(world: World, traffic: readonly TrafficTarget[]): boolean {
  try {
    patch(world, { traffic });
    return true;
  } catch {
    return false;
  }
}

function sum(targets: readonly TrafficTarget[]): number {
  return targets.reduce((total, { percent = 0 }) => total + percent, 0);
}

function worldWithWeb(): World {
  const world = testWorld();
  create(world, { template: revision('web-one') });
  perform(world);
  return world;
}

function create(world: World, service: Service): Operation {
  return createService(world, { parent, serviceId: 'web', service, validateOnly: false });
}

/** Only what is given is written. */
function patch(world: World, service: Service): Operation {
  const updateMask = Object.keys(service);
  return updateService(world, { name, service, updateMask, validateOnly: false, allowMissing: false });
}

function revision(short: string, image = 'localhost/web'): NonNullable<Service['template']> {
  return { revision: short, containers: [{ image }] };
}

/** Stands in for the performer: every command is answered at once, starts as told. */
function perform(world: World, start: StartReport = { kind: 'ready' }): void {
  for (let command = world.commands.shift(); command !== undefined; command = world.commands.shift()) {
    if (command.kind === 'start-revision') revisionStarted(world, command.spec.name, start);
    if (command.kind === 'set-routes')
      routed(world, command.service, {
        ...command,
        addresses: { url: 'http://127.0.0.1:1', tagUrls: {}, host: 'web' },
      });
  }
}

function conditions(world: World, short: string): Readonly<Record<string, string>> {
  const view = getRevision(world, `${name}/revisions/${short}`) as Service;
  return Object.fromEntries(
    (view.conditions ?? []).map(({ type, state, revisionReason }) => [
      type,
      [state, revisionReason].filter((part) => part !== undefined).join(' '),
    ]),
  );
}
